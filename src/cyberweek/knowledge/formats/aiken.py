"""Aiken: a question on a line, lettered options (`A.` or `A)`), `ANSWER: B`; a blank line between questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from cyberweek.knowledge.core.release import Item, Language, Option, Reference

from .bank import Problem, Reading

_OPTION = re.compile(r"^([A-Za-z])[.)]\s*(.+)$")
_ANSWER = re.compile(r"^ANSWER\s*[:：]\s*([A-Za-z])\s*$", re.IGNORECASE)


def read_aiken(text: str, *, topic: str, language: Language, codes: Iterator[str]) -> Reading:
    """Items with one right answer, in one language: drafts, for somebody to complete."""
    reading = Reading([], [])
    for line, block in _blocks(text):
        try:
            reading.items.append(_item(block, topic, language, codes))
        except ValueError as error:
            reading.problems.append(Problem(_("line %(line)d") % {"line": line}, str(error)))
    return reading


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines that are not blank, each with the number of its first."""
    block: list[str] = []
    first = 1
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            if not block:
                first = number
            block.append(line.strip())
        elif block:
            yield first, block
            block = []


def _item(block: list[str], topic: str, language: Language, codes: Iterator[str]) -> Item:
    answer = _ANSWER.match(block[-1])
    if not answer:
        raise ValueError(_("The last line is not ANSWER: with a letter."))
    stem, options = [], []
    for line in block[:-1]:
        option = _OPTION.match(line)
        if option:
            options.append(Option(option[1].lower(), {language: option[2].strip()}))
        elif options:
            raise ValueError(_("“%(line)s” is neither an option nor the answer.") % {"line": line[:40]})
        else:
            stem.append(line)
    key = answer[1].lower()
    if key not in [option.id for option in options]:
        raise ValueError(_("The answer %(letter)s is none of the options.") % {"letter": key.upper()})
    return Item(
        id=next(codes),
        topic=topic,
        kind="single",
        stem={language: " ".join(stem)},
        options=options,
        key=[key],
        explanation={},
        reference=Reference("guide", {}),
    )
