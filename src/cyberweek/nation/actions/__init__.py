from .ground import AUTHENTICATOR_KEY, PASSWORD, open_sample_accounts
from .loading import Loaded, Refused, load_nation

__all__ = ["AUTHENTICATOR_KEY", "PASSWORD", "Loaded", "Refused", "load_nation", "open_sample_accounts"]
