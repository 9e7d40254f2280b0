"""GIFT, Moodle's text format: choices with one or several right answers, true-false. Other kinds are named and left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from cyberweek.knowledge.core.items import TRUE_FALSE
from cyberweek.knowledge.core.release import Item, Language, Option, Reference

from .bank import Problem, Reading

_COMMENT = re.compile(r"^\s*(//|\$CATEGORY).*$", re.MULTILINE)
_TITLE = re.compile(r"^::(?:\\.|[^\\])*?::", re.DOTALL)
_MARKUP = re.compile(r"^\s*\[(?:html|moodle|plain|markdown)\]")
_BRACES = re.compile(r"(?<!\\)\{((?:\\.|[^\\}])*)\}", re.DOTALL)
_ANSWER = re.compile(r"(?<!\\)([=~])((?:\\.|[^\\=~])*)", re.DOTALL)
_WEIGHT = re.compile(r"^\s*%(-?\d+(?:\.\d+)?)%")
_TRUTH = re.compile(r"^(T|TRUE|F|FALSE)$", re.IGNORECASE)
_TRUTH_TEXTS: dict[str, dict[Language, str]] = {
    "true": {"zh-Hans": "正确", "en": "True"},
    "false": {"zh-Hans": "错误", "en": "False"},
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class _Answers(NamedTuple):
    kind: Literal["single", "multiple", "true-false"]
    options: list[Option]
    key: list[str]
    said: str


def read_gift(text: str, *, topic: str, language: Language, codes: Iterator[str]) -> Reading:
    """Items in one language: drafts, for somebody to complete. General feedback becomes the explanation."""
    reading = Reading([], [])
    plain = _COMMENT.sub("", text)
    for found in re.finditer(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*", plain):
        line = plain.count("\n", 0, found.start()) + 1
        try:
            reading.items.append(_item(found[0], topic, language, codes))
        except ValueError as error:
            reading.problems.append(Problem(_("line %(line)d") % {"line": line}, str(error)))
    return reading


def _item(block: str, topic: str, language: Language, codes: Iterator[str]) -> Item:
    body = _MARKUP.sub("", _TITLE.sub("", block.strip()).strip())
    braces = _BRACES.search(body)
    if not braces:
        raise ValueError(_("There are no answers in braces."))
    before, after = _plain(body[: braces.start()]), _plain(body[braces.end() :])
    answers, _hashes, general = braces[1].partition("####")
    read = _answers(answers.strip(), language)
    said = _plain(general) or read.said
    return Item(
        id=next(codes),
        topic=topic,
        kind=read.kind,
        stem={language: f"{before} ____ {after}" if after else before},
        options=read.options,
        key=read.key,
        explanation={language: said} if said else {},
        reference=Reference("guide", {}),
    )


def _answers(text: str, language: Language) -> _Answers:
    truth, said = _split_feedback(text)
    if _TRUTH.match(truth):
        options = [Option(id_, _TRUTH_TEXTS[id_]) for id_ in TRUE_FALSE]
        return _Answers("true-false", options, ["true" if truth[0] in "Tt" else "false"], said)
    found = _ANSWER.findall(text)
    if "~" not in [mark for mark, _text in found]:
        raise ValueError(_("Only choices and true-false items can be asked here."))
    if len(found) > len(_LETTERS):
        raise ValueError(_("There are too many options."))
    return _choices(found, language)


def _choices(found: list[tuple[str, str]], language: Language) -> _Answers:
    options, right, feedback = [], [], ""
    for letter, (mark, told) in zip(_LETTERS, found, strict=False):
        weight = _WEIGHT.match(told)
        words, said = _split_feedback(told[weight.end() :] if weight else told)
        options.append(Option(letter, {language: words}))
        if mark == "=" or (weight and float(weight[1]) > 0):
            right.append(letter)
            feedback = feedback or said
    return _Answers("single" if len(right) == 1 else "multiple", options, right, feedback)


def _split_feedback(text: str) -> tuple[str, str]:
    words, *feedback = re.split(r"(?<!\\)#", text, maxsplit=1)
    return _plain(words), _plain(feedback[0]) if feedback else ""


def _plain(text: str) -> str:
    unescaped = re.sub(r"\\([:{}~=#\\n])", lambda found: "\n" if found[1] == "n" else found[1], text)
    return " ".join(unescaped.split())
