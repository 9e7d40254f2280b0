from .ground import PASSWORD, open_sample_accounts
from .loading import Loaded, Refused, load_nation

__all__ = ["PASSWORD", "Loaded", "Refused", "load_nation", "open_sample_accounts"]
