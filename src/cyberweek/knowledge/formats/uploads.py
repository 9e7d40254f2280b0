"""A file that somebody sends, in whichever format it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from django.utils.translation import gettext as _

from cyberweek.knowledge.core.release import Language

from .aiken import read_aiken
from .bank import Problem, Reading, read_bank, text_of
from .gift import read_gift

_READERS = {"aiken": read_aiken, "gift": read_gift}


def read_upload(data: bytes, *, form: str, topic: str, language: Language, taken: set[str]) -> Reading:
    """The items of a file in the format `form` ("json", "aiken", "gift"); those without a code get the next free ones."""
    if form == "json":
        return read_bank(data, topic=topic)
    text = text_of(data)
    if text is None:
        return Reading([], [Problem(_("the file"), _("This is neither UTF-8 nor GB 18030 text."))])
    return _READERS[form](text, topic=topic, language=language, codes=_free_codes(topic, taken))


def _free_codes(topic: str, taken: set[str]) -> Iterator[str]:
    return (code for number in count(1) if (code := f"{topic}-{number:03}") not in taken)
