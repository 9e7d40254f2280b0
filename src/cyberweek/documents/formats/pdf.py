"""A document as PDF: tagged (PDF/UA-1), the same bytes for the same document and moment, nothing fetched from anywhere."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import typst
from django.utils.translation import gettext as _
from django.utils.translation import override

from cyberweek.documents.core.foot import foot
from cyberweek.documents.core.parts import Curve, Document, Mood
from cyberweek.documents.core.plain import Plain
from cyberweek.documents.core.text import printable
from cyberweek.documents.formats.fonts import GETA, LATIN, letters_for
from cyberweek.kernel.core.icons import SHAPES
from cyberweek.kernel.core.ring import Shape, segment_path

TEMPLATE: Final = Path(__file__).resolve().parent.parent / "data" / "document.typ"
_NO_GLYPH: Final = "could not be displayed"
_MARK: Final = Shape(inner=62, gap=5)
_GLYPHS: Final = {
    Mood.GOOD: ("done", "#0a6d37"),
    Mood.WATCH: ("warn", "#8b5505"),
    Mood.BAD: ("bad", "#b7191c"),
    Mood.INFO: ("info", "#0859ac"),
    Mood.UNDERWAY: ("pending", "#4a505a"),
    Mood.OPEN: ("circle", "#686d77"),
}


def pdf_file(document: Document, *, written: dt.datetime) -> bytes:
    """The document as PDF. `written` (aware) is its date of creation: give the moment of the freeze, not of the print."""
    try:
        return _compiled(document, written, machine=True)
    except typst.TypstError as problem:
        if _NO_GLYPH not in problem.message:
            raise
        # A font of the machine promised a sign that it does not draw (half of an emoji, a mark without its letter).
        return _compiled(document, written, machine=False)


def _compiled(document: Document, written: dt.datetime, *, machine: bool) -> bytes:
    with _folder(document, machine=machine) as compiler:
        return _one(compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(written.timestamp())))


def picture_of(part: Curve, document: Document) -> bytes:
    """One part of the document as PNG, for formats that cannot draw it."""
    with _folder(dataclasses.replace(document, parts=(part,)), picture=True) as compiler:
        return _one(compiler.compile(format="png", ppi=220))


def ring_picture(colours: tuple[str, ...]) -> bytes:
    """The edition's ring as PNG."""
    source = b'#set page(width: 20mm, height: 20mm, margin: 0mm, fill: none)\n#image("ring.svg", width: 100%)'
    with tempfile.TemporaryDirectory(prefix="document-") as folder:
        (Path(folder) / "ring.svg").write_text(_ring(colours), encoding="utf-8")
        return _one(_compiler(source, folder, letters_for(set()).book).compile(format="png", ppi=300))


@contextmanager
def _folder(document: Document, *, picture: bool = False, machine: bool = True) -> Iterator[typst.Compiler]:
    """A compiler that sees one folder with what the template reads, and nothing else."""
    with override(document.language), tempfile.TemporaryDirectory(prefix="document-") as folder:
        fonts = _lay_out(document, Path(folder), picture=picture, machine=machine)
        yield _compiler(TEMPLATE.read_bytes(), folder, fonts)


def _compiler(source: bytes, folder: str, fonts: typst.Fonts) -> typst.Compiler:
    return typst.Compiler(
        source,
        root=folder,
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=folder,  # packages are neither read from the home folder nor fetched
        package_cache_path=folder,
    )


def _one(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("one file was asked for")
    return made


def _lay_out(document: Document, folder: Path, *, picture: bool, machine: bool) -> typst.Fonts:
    """What the template reads, put into its folder: the document as JSON and every picture."""
    plain = Plain(document)
    content = _content(document, plain)
    letters = letters_for(set().union(*_strings(content)), machine=machine)
    if letters.lacking:
        content = _replaced(content, str.maketrans(dict.fromkeys(letters.lacking, GETA)))
        content["parts"].append(_about(letters.lacking))
    first = () if document.language.startswith("zh") else (LATIN,)
    content |= {"fonts": (*first, *letters.families), "picture": picture}
    (folder / "document.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (folder / "ring.svg").write_text(_ring(document.colours), encoding="utf-8")
    for mood, (icon, colour) in _GLYPHS.items():
        (folder / f"mood-{mood}.svg").write_text(_glyph(icon, colour), encoding="utf-8")
    for name, content_of in plain.pictures.items():
        (folder / name).write_bytes(content_of)
    return letters.book


def _content(document: Document, plain: Plain) -> dict[str, Any]:
    heads = ("title", "subtitle", "issuer", "edition", "date", "mark")
    return {
        **{name: printable(getattr(document, name)).strip() for name in heads},
        "short": " ".join(printable(document.title).split()),
        "language": document.language,
        "cover": document.cover,
        "colours": list(document.colours),
        "foot": plain.runs(foot(document)),
        "words": {
            "page": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
            "contents": _("Contents"),
            "date": _("Date"),
        },
        "parts": plain.parts(),
        "anchors": sorted(plain.anchors),
    }


def _about(lacking: frozenset[str]) -> dict[str, Any]:
    """Says at the end which signs could not be set; a box without a word would pass for one of theirs."""
    names = ", ".join(f"U+{ord(sign):04X}" for sign in sorted(lacking)[:40])
    text = _("%(mark)s stands where no font of this server has the sign: %(signs)s.") % {"mark": GETA, "signs": names}
    return {"part": "note", "title": [], "text": [[text, 0, ""]], "mood": Mood.WATCH}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _replaced(value: Any, signs: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(signs)
    if isinstance(value, dict):
        return {key: _replaced(inner, signs) for key, inner in value.items()}
    return [_replaced(inner, signs) for inner in value] if isinstance(value, list | tuple) else value


def _ring(colours: tuple[str, ...]) -> str:
    """The mark in the edition's colours."""
    paths = "".join(
        f'<path fill="{colour}" d="{segment_path(i, len(colours), _MARK)}"/>' for i, colour in enumerate(colours)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">{paths}</svg>'


def _glyph(icon: str, colour: str) -> str:
    shape = SHAPES[icon].replace("currentColor", colour).replace("var(--surface)", "#ffffff")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" fill="none" stroke="{colour}"'
        f' stroke-width="1.75" stroke-linecap="square">{shape}</svg>'
    )
