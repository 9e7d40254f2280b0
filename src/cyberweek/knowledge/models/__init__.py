from .contests import Contest, Quota
from .items import Item
from .releases import Release
from .rulings import MAX_TEXT, Exclusion, Objection, Regrade, RegradePreview, ResultVersion
from .standings import MinuteStanding, RegionStanding, Top, TopicStanding
from .topics import Topic

__all__ = [
    "MAX_TEXT",
    "Contest",
    "Exclusion",
    "Item",
    "MinuteStanding",
    "Objection",
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
