"""Translations: extract our strings into each app's catalogue, compile them, or refuse gaps.

    python tools/messages.py update     write new strings into src/cyberweek/*/locale/zh_Hans/LC_MESSAGES/django.po,
                                        and Chinese punctuation where an English keyboard left its own
    python tools/messages.py compile    make the .mo files
    python tools/messages.py check      exit 1 when a string lacks its translation, is fuzzy or has left the source

English is the language of the ids, so only zh-Hans has catalogues. GNU gettext is not needed: Babel reads Python, and
Django's own `templatize` turns templates into something that Babel reads.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from build_messages import compile_catalogues

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "cyberweek"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
# No dates, tools or addresses in the head: two people who update get the same bytes.
HEAD = b"""\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
HAN = "\u4e00-\u9fff"
NARROW = re.compile(f"(?<=[{HAN}\u201d\u300b])[,;:!?]|[,;:!?](?=[{HAN}\u201c\u300a])")
WIDE = str.maketrans(",;:!?", "\uff0c\uff1b\uff1a\uff01\uff1f")
# A pair of brackets around Chinese words; those of a placeholder are not brackets.
INSIDE = r"(?:%\(\w+\)[sd]|[^()])*"
BRACKETS = re.compile(rf"(?<!%)\(({INSIDE}[{HAN}]{INSIDE})\)")

STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
CALL = re.compile(rf"\b(?:_|gettext|ngettext|pgettext|npgettext)\((?:\s*(?:{STRING}|count)\s*,?\s*)+\)", re.DOTALL)


def strings_of(app: Path) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Each translatable string of an app: file, id (or pair of plural ids), context."""
    for path in sorted([*app.rglob("*.py"), *app.rglob("templates/**/*.html"), *app.rglob("templates/**/*.txt")]):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = "\n".join(_calls_only(templatize(text, origin=str(path))))
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            yield str(path.relative_to(ROOT)), message, context


def _calls_only(templatized: str) -> Iterator[str]:
    """The gettext calls of a templatized page, one a line: the filler between them is no Python."""
    for call in CALL.finditer(templatized):
        yield call.group().replace("\n", "\\n")


def gathered(app: Path) -> Catalog:
    """The catalogue that the source of an app asks for, without translations."""
    catalogue = Catalog(locale="zh_Hans", domain="django", project="cyberweek", charset="utf-8")
    for path, message, context in strings_of(app):
        catalogue.add(message, locations=[(path, 0)], context=context)
    return catalogue


def catalogue_path(app: Path) -> Path:
    return app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def kept(app: Path) -> Catalog | None:
    path = catalogue_path(app)
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django")


def update(app: Path) -> None:
    wanted, have = gathered(app), kept(app)
    if have:
        for message in wanted:
            old = have.get(message.id, message.context) if message.id else None
            if old and old.string:
                wide = tuple(widened(text) for text in _strings(old))
                message.string = wide if isinstance(message.id, tuple) else wide[0]
    if len(wanted) == 0:
        return
    path = catalogue_path(app)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEAD)
        write_po(file, wanted, width=0, sort_by_file=True, omit_header=True, include_lineno=False)


def widened(text: str) -> str:
    """Chinese text with Chinese punctuation: what an English keyboard leaves beside a character is made full width."""
    return BRACKETS.sub("\uff08\\1\uff09", NARROW.sub(lambda found: found.group().translate(WIDE), text))


def _strings(message: Message | None) -> list[str]:
    given = message.string if message else None
    return [given] if isinstance(given, str) else list(given or [])


def gaps(app: Path) -> Iterator[str]:
    """What is wrong with an app's catalogue, a sentence each."""
    have = kept(app) or Catalog(locale="zh_Hans")
    wanted = gathered(app)
    for message in wanted:
        if not message.id:
            continue
        found = have.get(message.id, message.context)
        shown = message.id if isinstance(message.id, str) else message.id[0]
        strings = _strings(found)
        if not found or not any(strings):
            yield f"{app.name}: no translation of {shown!r}"
        elif found.fuzzy:
            yield f"{app.name}: fuzzy: {shown!r}"
        else:
            source = set(PLACEHOLDER.findall(shown if isinstance(message.id, str) else message.id[1]))
            if any(not set(PLACEHOLDER.findall(text)) <= source for text in strings):
                yield f"{app.name}: a placeholder of {shown!r} is misspelt in the translation"
            elif isinstance(message.id, tuple) and any(set(PLACEHOLDER.findall(text)) != source for text in strings):
                yield f"{app.name}: {shown!r} says the same of one and of many in the translation"
            if any(widened(text) != text for text in strings):
                yield f"{app.name}: English punctuation in the translation of {shown!r} (run `make messages`)"
    for message in have:
        if message.id and not wanted.get(message.id, message.context):
            yield f"{app.name}: no longer in the source: {message.id!r} (run `make messages`)"


def collisions(apps: list[Path]) -> Iterator[str]:
    """Strings that two apps translate differently: Django merges all catalogues, so one of them would win in silence."""
    given: dict[tuple[object, str | None], dict[str, list[str]]] = {}
    for app in apps:
        for message in kept(app) or ():
            if message.id:
                given.setdefault((message.id, message.context), {})[app.name] = _strings(message)
    for (text, _context), by_app in given.items():
        if len({tuple(strings) for strings in by_app.values()}) > 1:
            yield f"{text!r} is translated differently in {', '.join(sorted(by_app))}: agree, or give it a context"


def main(command: str) -> int:
    settings.configure(USE_I18N=True)
    apps = sorted(path.parent for path in SOURCE.glob("*/__init__.py"))
    if command == "update":
        for app in apps:
            update(app)
    elif command == "check":
        found = [*(gap for app in apps for gap in gaps(app)), *collisions(apps)]
        print("\n".join(found) or "Every string is translated.")
        return 1 if found else 0
    compile_catalogues(ROOT)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"update", "compile", "check"}:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
