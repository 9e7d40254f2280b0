from .contests import Contest, Quota
from .exports import Export, ExportPart, PublishedHead
from .groups import Group
from .items import Item
from .promotions import Declined, Promoted
from .releases import Release
from .rulings import MAX_TEXT, Exclusion, Objection, Regrade, RegradePreview, ResultVersion
from .standings import MinuteStanding, RegionStanding, Top, TopicStanding
from .statistics import ItemCount, ItemFigure
from .topics import Topic

__all__ = [
    "MAX_TEXT",
    "Contest",
    "Declined",
    "Exclusion",
    "Export",
    "ExportPart",
    "Group",
    "Item",
    "ItemCount",
    "ItemFigure",
    "MinuteStanding",
    "Objection",
    "Promoted",
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
