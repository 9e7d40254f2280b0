from .contests import Contest, Quota
from .items import Item
from .releases import Release
from .standings import MinuteStanding, RegionStanding, Top, TopicStanding
from .topics import Topic

__all__ = [
    "Contest",
    "Item",
    "MinuteStanding",
    "Quota",
    "RegionStanding",
    "Release",
    "Top",
    "Topic",
    "TopicStanding",
]
