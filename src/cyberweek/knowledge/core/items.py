"""What makes an item fit for a paper: one list of faults for forms, imports and the bank that ships.

A draft may lack things (`INCOMPLETE`); anything else wrong with it is refused in every state.
"""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final, NamedTuple

from cyberweek.knowledge.core.release import CODE, LANGUAGES, MAX_OPTIONS, Item, Text

MAX_STEM: Final = 400
MAX_OPTION: Final = 200
MAX_EXPLANATION: Final = 800
RESERVED: Final = frozenset({"new", "import", "export"})  # pages of the bank stand at these addresses
TRUE_FALSE: Final = ("true", "false")
INCOMPLETE: Final = frozenset(
    {
        "no-stem", "no-explanation", "no-option-text", "few-options", "no-key", "one-key", "no-reference", "no-article",
    }
)  # fmt: skip


class Fault(NamedTuple):
    """Where (`stem`, `options`, `option:b`, `key`, `explanation`, `reference`), what, and what its words name."""

    field: str
    reason: str
    params: dict[str, Any]


def faults_of(item: Item, *, draft: bool = False) -> list[Fault]:
    """Everything that keeps the item from being ready, or, with `draft`, from being kept at all."""
    found = [*_faults_of_texts(item), *_faults_of_options(item), *_faults_of_key(item), *_faults_of_reference(item)]
    found += faults_of_code(item.id)
    return [fault for fault in found if not (draft and fault.reason in INCOMPLETE)]


def faults_of_code(code: str) -> list[Fault]:
    """A code stands in addresses and releases."""
    if code in RESERVED:
        return [Fault("code", "reserved-code", {"code": code})]
    return [] if re.fullmatch(CODE, code) else [Fault("code", "odd-code", {})]


def _faults_of_texts(item: Item) -> Iterator[Fault]:
    yield from _faults_of_text("stem", item.stem, "stem", MAX_STEM)
    yield from _faults_of_text("explanation", item.explanation, "explanation", MAX_EXPLANATION)


def _faults_of_text(field: str, text: Text, noun: str, limit: int, **params: Any) -> Iterator[Fault]:
    missing = "no-option-text" if noun == "option" else f"no-{noun}"
    for language in LANGUAGES:
        said = text.get(language, "")
        if not said.strip():
            yield Fault(field, missing, {"language": language, **params})
        elif len(said) > limit:
            size = {"length": len(said), "limit": limit}
            yield Fault(field, f"long-{noun}", {"language": language, **size, **params})


def _faults_of_options(item: Item) -> Iterator[Fault]:
    ids = [option.id for option in item.options]
    if item.kind == "true-false":
        if tuple(ids) != TRUE_FALSE:
            yield Fault("options", "not-true-false", {})
    elif len(ids) < 2:
        yield Fault("options", "few-options", {})
    if len(ids) > MAX_OPTIONS:
        yield Fault("options", "many-options", {"limit": MAX_OPTIONS})
    for repeated in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield Fault("options", "repeated-option", {"option": repeated})
    for option in item.options:
        yield from _faults_of_text(f"option:{option.id}", option.text, "option", MAX_OPTION, option=option.id)
    for one, other in combinations(item.options, 2):
        for language in LANGUAGES:
            said = _folded(one.text.get(language, ""))
            if said and said == _folded(other.text.get(language, "")):
                params = {"language": language, "option": one.id, "other": other.id}
                yield Fault(f"option:{other.id}", "same-options", params)


def _faults_of_key(item: Item) -> Iterator[Fault]:
    ids = {option.id for option in item.options}
    for unknown in sorted(set(item.key) - ids):
        yield Fault("key", "unknown-key", {"option": unknown})
    for repeated in sorted({id_ for id_ in item.key if item.key.count(id_) > 1}):
        yield Fault("key", "repeated-key", {"option": repeated})
    if not item.key:
        yield Fault("key", "no-key", {})
    elif item.kind == "multiple" and len(item.key) == 1:
        yield Fault("key", "one-key", {})
    elif item.kind != "multiple" and len(item.key) > 1:
        yield Fault("key", "many-keys", {})


def _faults_of_reference(item: Item) -> Iterator[Fault]:
    for language in LANGUAGES:
        if not item.reference.title.get(language, "").strip():
            yield Fault("reference", "no-reference", {"language": language})
    if item.reference.kind == "law" and not (item.reference.version and item.reference.article):
        yield Fault("reference", "no-article", {})


def _folded(text: str) -> str:
    """For comparison only: case, spaces and closing punctuation make no different option."""
    return "".join(text.split()).casefold().rstrip(".。!！")
