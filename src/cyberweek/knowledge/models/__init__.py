from .contests import Contest, Quota
from .exports import Export, ExportPart, PublishedHead
from .groups import Group
from .items import Item
from .promotions import Declined, Promoted
from .releases import Release
from .standings import MinuteStanding, RegionStanding, Top, TopicStanding
from .topics import Topic

__all__ = [
    "Contest",
    "Declined",
    "Export",
    "ExportPart",
    "Group",
    "Item",
    "MinuteStanding",
    "Promoted",
    "PublishedHead",
    "Quota",
    "RegionStanding",
    "Release",
    "Top",
    "Topic",
    "TopicStanding",
]
