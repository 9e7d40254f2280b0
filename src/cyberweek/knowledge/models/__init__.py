from .contests import Contest, Quota
from .exports import Export, ExportPart, PublishedHead
from .items import Item
from .releases import Release
from .standings import MinuteStanding, RegionStanding, Top, TopicStanding
from .topics import Topic

__all__ = [
    "Contest",
    "Export",
    "ExportPart",
    "Item",
    "MinuteStanding",
    "PublishedHead",
    "Quota",
    "RegionStanding",
    "Release",
    "Top",
    "Topic",
    "TopicStanding",
]
