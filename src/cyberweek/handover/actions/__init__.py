"""Writes of hand-overs."""

from .archives import ask_for_archive, make_archive, offer_contact, record_download, withdraw_contact
from .receiving import believe_host, receive, refuse
from .taking import Choice, Refused, take_over

__all__ = [
    "Choice", "Refused", "ask_for_archive", "believe_host", "make_archive", "offer_contact", "receive",
    "record_download", "refuse", "take_over", "withdraw_contact",
]  # fmt: skip
