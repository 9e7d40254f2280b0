"""Reads of hand-overs."""

from .archives import archives_of, heritage_of, is_known, made_of, offer_of, offers_of, receptions
from .contents import contents_of

__all__ = [
    "archives_of", "contents_of", "heritage_of", "is_known", "made_of", "offer_of", "offers_of",
    "receptions",
]  # fmt: skip
