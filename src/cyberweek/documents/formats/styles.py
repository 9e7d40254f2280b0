"""The house's styles in a DOCX: named as Word names them, so that its own lists of headings and contents work."""

from __future__ import annotations

from typing import Any, Final

from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from cyberweek.documents.core.parts import Mood
from cyberweek.documents.formats import ooxml

INK: Final = "131720"
SECOND: Final = "4A505A"
QUIET: Final = "686D77"
LINE: Final = "D6D9DD"
STRONG_LINE: Final = "82868E"
SUNK: Final = "EFF1F4"
COLOURS: Final = {
    Mood.GOOD: "0A6D37",
    Mood.WATCH: "8B5505",
    Mood.BAD: "B7191C",
    Mood.INFO: "0859AC",
    Mood.UNDERWAY: SECOND,
    Mood.OPEN: QUIET,
}
TINTS: Final = {
    Mood.GOOD: "E8F6EB",
    Mood.WATCH: "FBF0E4",
    Mood.BAD: "FEEEEB",
    Mood.INFO: "EAF3FE",
    Mood.UNDERWAY: SUNK,
    Mood.OPEN: SUNK,
}
# What offices have: Microsoft YaHei on Windows; WPS, LibreOffice and Pages put their own Chinese sans in its place.
_FONTS: Final = (("ascii", "Arial"), ("hAnsi", "Arial"), ("cs", "Arial"), ("eastAsia", "Microsoft YaHei"))


def house_styles(document: Docx, language: str) -> None:
    """Sets the styles that the writer names. `language`: that of the document."""
    chinese = language.startswith("zh")
    ooxml.speak(document, latin="en-US" if chinese else language, han="zh-CN", fonts=_FONTS)
    normal = _style(document, "Normal", 10.5, INK, after=6)
    normal.paragraph_format.line_spacing = 1.35 if chinese else 1.25
    heads = {1: (15, 20, 6), 2: (12, 14, 4), 3: (10.5, 10, 3), 4: (10.5, 8, 3)}
    for level, (size, before, after) in heads.items():
        style = _style(
            document, f"Heading {level}", size, SECOND if level == 4 else INK, bold=True, before=before, after=after
        )
        style.paragraph_format.keep_with_next = True
    ooxml.border(document.styles["Heading 1"], top=(INK, 12, 6))
    title = _style(document, "Title", 22, INK, bold=True, before=6, after=2)
    for old in title.element.pPr.findall(qn("w:pBdr")):
        title.element.pPr.remove(old)
    ooxml.border(title, top=(INK, 12, 8))
    _style(document, "Subtitle", 11, SECOND, after=10)
    _style(document, "Caption", 10, INK, bold=True, before=10, after=3).paragraph_format.keep_with_next = True
    _style(document, "Header", 8, QUIET, after=0)
    _style(document, "Footer", 8, QUIET, after=0)
    _style(document, "Brand", 9.5, SECOND, after=8, new=True)
    _style(document, "Quiet", 8.5, QUIET, after=4, new=True)
    _style(document, "Table Note", 8.5, QUIET, before=3, after=8, new=True)
    cell = _style(document, "Cell", 9, INK, after=0, new=True)
    cell.paragraph_format.line_spacing = 1.15
    _style(document, "Figure", 20, INK, bold=True, before=2, after=0, new=True).paragraph_format.line_spacing = 1.0
    note = _style(document, "Note", 10.5, INK, after=6, new=True)
    note.paragraph_format.left_indent = note.paragraph_format.right_indent = Mm(4)
    _style(document, "Contents", 12, INK, bold=True, before=10, after=4, new=True)
    for level in (1, 2, 3):
        entry = _style(
            document, f"toc {level}", 10.5, INK, bold=level == 1, before=4 if level == 1 else 0, after=2, new=True
        )
        entry.paragraph_format.left_indent = Mm(6 * (level - 1))
    _hyperlink(document)


def _style(
    document: Docx,
    name: str,
    size: float,
    colour: str,
    *,
    bold: bool = False,
    before: float = 0,
    after: float = 0,
    new: bool = False,
) -> Any:
    styles = document.styles
    style: Any = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH) if new else styles[name]
    if new:
        style.base_style = styles["Normal"]
    _unthemed(style)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    return style


def _unthemed(style: Any) -> None:
    """Takes out what the template's theme says of letters: its blue, its italics and its fonts would hide ours."""
    properties = style.element.get_or_add_rPr()
    for tag in ("w:rFonts", "w:color", "w:i", "w:iCs", "w:spacing", "w:kern"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    for old in style.element.findall(qn("w:link")):  # the twin for characters still has them
        style.element.remove(old)


def _hyperlink(document: Docx) -> None:
    style: Any = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    style.font.underline = True
    style.font.color.rgb = RGBColor.from_string(COLOURS[Mood.INFO])
