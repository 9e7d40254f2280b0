from .contests import Contest, Quota
from .exports import Export, ExportPart, PublishedHead
from .items import Item
from .releases import Release
from .rulings import MAX_TEXT, Exclusion, Objection, Regrade, RegradePreview, ResultVersion
from .standings import MinuteStanding, RegionStanding, Top, TopicStanding
from .topics import Topic

__all__ = [
    "MAX_TEXT",
    "Contest",
    "Exclusion",
    "Export",
    "ExportPart",
    "Item",
    "MinuteStanding",
    "Objection",
    "PublishedHead",
    "Quota",
    "RegionStanding",
    "Regrade",
    "RegradePreview",
    "Release",
    "ResultVersion",
    "Top",
    "Topic",
    "TopicStanding",
]
