from .posts import Post
from .regions import Region
from .units import Unit

__all__ = ["Post", "Region", "Unit"]
