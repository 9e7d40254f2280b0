"""What python-docx has no words for: fields, links, bookmarks, borders, shading, and a file that is the same each time."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import _Cell

from cyberweek.documents.core.archives import undated


def element(tag: str, *children: Any, **attributes: str) -> Any:
    """An element of the `w:` family; attributes are given without their prefix."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name.rstrip('_')}"), value)
    for child in children:
        made.append(child)
    return made


def run_of(text: str, *, style: str = "", bold: bool = False) -> Any:
    """A bare run, for places where python-docx cannot make one."""
    made = OxmlElement("w:r")
    if style or bold:
        properties = element("rPr")
        if style:
            properties.append(element("rStyle", val=style))
        if bold:
            properties.append(element("b"))
        made.append(properties)
    made.text = text
    return made


def field(paragraph: Any, instruction: str, shown: str = "1") -> None:
    """A field such as PAGE; `shown` stands until the reader's program counts."""
    for kind in ("begin", instruction, "separate", shown, "end"):
        run = paragraph.add_run()
        if kind == instruction:
            text = element("instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            run._r.append(text)
        elif kind == shown:
            run.text = shown
        else:
            run._r.append(element("fldChar", fldCharType=kind))


def link(paragraph: Any, text: str, href: str, *, bold: bool = False) -> None:
    """A run that leads somewhere: out of the document, or to a bookmark in it (`#name`)."""
    if href.startswith("#"):
        holder = element("hyperlink", anchor=bookmark_name(href[1:]), history="1")
    else:
        holder = element("hyperlink", history="1")
        holder.set(qn("r:id"), paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    holder.append(run_of(text, style="Hyperlink", bold=bold))
    paragraph._p.append(holder)


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Names the paragraph, so that links and the contents find it."""
    start = element("bookmarkStart", id=str(number), name=bookmark_name(name))
    properties = paragraph._p.pPr
    paragraph._p.insert(0 if properties is None else 1, start)
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def bookmark_name(anchor: str) -> str:
    """Bookmarks hold letters, figures and underscores, 40 at most."""
    return ("a_" + anchor.replace("-", "_"))[:40]


def border(paragraph_or_style: Any, **sides: tuple[str, int, int]) -> None:
    """Borders of a paragraph: side=(colour, eighths of a point, distance in points)."""
    properties = paragraph_or_style._element.get_or_add_pPr()
    edges = element("pBdr")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            colour, size, space = sides[side]
            edges.append(element(side, val="single", sz=str(size), space=str(space), color=colour))
    properties.insert_element_before(edges, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")


def shade(paragraph_or_style: Any, colour: str) -> None:
    properties = paragraph_or_style._element.get_or_add_pPr()
    shading = element("shd", val="clear", color="auto", fill=colour)
    properties.insert_element_before(shading, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")


def shade_cell(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=colour))


def edge_cell(cell: Any, **sides: tuple[str, int]) -> None:
    """Borders of a cell: side=(colour, eighths of a point)."""
    edges = element("tcBorders")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            edges.append(element(side, val="single", sz=str(sides[side][1]), space="0", color=sides[side][0]))
    cell._tc.get_or_add_tcPr().append(edges)


def rule_table(table: Any, *, inside: str, outside: str = "") -> None:
    """Hairlines between the rows of a table, none between its columns; fixed widths; a little air."""
    properties = table._tbl.tblPr
    edges = element("tblBorders")
    for side, colour in (("top", outside), ("bottom", outside), ("insideH", inside)):
        edges.append(element(side, val="single" if colour else "nil", sz="4", space="0", color=colour or "auto"))
    margins = element("tblCellMar")
    for side, width in (("top", "40"), ("left", "80"), ("bottom", "40"), ("right", "80")):
        margins.append(element(side, w=width, type="dxa"))
    look = properties.find(qn("w:tblLook"))
    for child in (edges, element("tblLayout", type="fixed"), margins):
        if child.tag == qn("w:tblLayout"):
            for old in properties.findall(qn("w:tblLayout")):
                properties.remove(old)
        if look is None:
            properties.append(child)
        else:
            look.addprevious(child)


def cells_of(row: Any) -> list[Any]:
    """The cells of a row that merges none; python-docx would look for merged ones each time, over the whole table."""
    return [_Cell(cell, row.table) for cell in row._tr.tc_lst]


def repeat_head(row: Any) -> None:
    """The row stands again at the top of every page that the table runs on to."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def keep_row(row: Any) -> None:
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def describe(table: Any, words: str) -> None:
    """What a screen reader says of the table before it is read."""
    if words:
        table._tbl.tblPr.append(element("tblCaption", val=words[:250]))


def speak(document: Docx, *, latin: str, han: str, fonts: Iterable[tuple[str, str]]) -> None:
    """Language and fonts of all text: `fonts` are pairs such as ("ascii", "Arial")."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for name in ("w:lang", "w:rFonts"):
        for old in defaults.findall(qn(name)):
            defaults.remove(old)
    defaults.insert(0, element("rFonts", **dict(fonts)))
    defaults.append(element("lang", val=latin, eastAsia=han, bidi="ar-SA"))


def packed(document: Docx) -> bytes:
    """The file with no trace of the clock."""
    raw = io.BytesIO()
    document.save(raw)
    return undated(raw.getvalue())
