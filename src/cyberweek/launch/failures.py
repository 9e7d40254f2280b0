"""The one error that the command line shows as a sentence instead of a traceback."""

from __future__ import annotations


class CannotStart(Exception):  # noqa: N818 -- reads as the sentence it makes
    """Something outside the program is in the way; the message says what, and what to do."""
