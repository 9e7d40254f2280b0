"""A document as DOCX: real styles, real lists and tables, so that an office goes on writing in it."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, Final

import docx
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor

from cyberweek.documents.core import parts as p
from cyberweek.documents.core.foot import foot
from cyberweek.documents.core.layout import layout
from cyberweek.documents.core.plain import top_of, value_of
from cyberweek.documents.core.text import figure, percentage, plain, printable, runs, shown
from cyberweek.documents.formats import ooxml
from cyberweek.documents.formats.pdf import picture_of, ring_picture
from cyberweek.documents.formats.styles import COLOURS, INK, LINE, QUIET, SECOND, STRONG_LINE, SUNK, TINTS, house_styles

_WIDTH: Final = 174  # mm between the margins
_BLOCKS: Final = 24
_SIGNS: Final = {
    p.Mood.GOOD: "●",
    p.Mood.WATCH: "△",
    p.Mood.BAD: "▲",
    p.Mood.INFO: "◇",
    p.Mood.UNDERWAY: "◎",
    p.Mood.OPEN: "○",
}


def docx_file(document: p.Document, *, written: dt.datetime) -> bytes:
    """The document as DOCX; `written` is its date in the file's properties. The same document gives the same bytes."""
    with override(document.language):
        writer = _Writer(document)
        writer.properties(written)
        writer.first_page()
        for part in document.parts:
            writer.add(part)
        return ooxml.packed(writer.file)


class _Writer:
    def __init__(self, document: p.Document) -> None:
        self.document = document
        self.file = docx.Document()
        house_styles(self.file, document.language)
        self._ids = {name: self.file.styles[name].style_id for name in ("Cell", "Figure")}  # looked up once, not a cell
        self._bookmarks = 0
        self._headings = [
            (part, part.anchor or f"heading-{number}")
            for number, part in enumerate(document.parts)
            if isinstance(part, p.Heading)
        ]
        self._seen: set[str] = set()

    # -- Around the text -----------------------------------------------------------------------------------------------

    def properties(self, written: dt.datetime) -> None:
        core = self.file.core_properties
        core.title, core.author = printable(self.document.title)[:250], printable(self.document.issuer)[:250]
        core.language = self.document.language
        core.created = core.modified = written.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
        core.last_modified_by, core.comments, core.revision = core.author, "", 1
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(18)
        section.top_margin, section.bottom_margin = Mm(22), Mm(20)
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True
        head = section.header.paragraphs[0]
        right = "  ·  ".join(printable(text) for text in (self.document.mark, self.document.issuer) if text)
        head.text = f"{' '.join(printable(self.document.title).split())}\t{right}"
        for foot_of_page in (section.footer, section.first_page_footer):
            self._foot(foot_of_page.paragraphs[0])
        for line in (head, section.footer.paragraphs[0], section.first_page_footer.paragraphs[0]):
            line.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        ooxml.border(head, bottom=(LINE, 4, 4))

    def _foot(self, line: Any) -> None:
        self._say(line, foot(self.document))
        line.add_run("\t")
        words = _("Page %(page)s of %(pages)s") % {"page": "\x00", "pages": "\x01"}
        for piece in _pieces(words):
            if piece in {"\x00", "\x01"}:
                ooxml.field(line, "PAGE" if piece == "\x00" else "NUMPAGES")
            else:
                line.add_run(piece)
        ooxml.border(line, top=(LINE, 4, 4))

    def first_page(self) -> None:
        told = self.document
        brand = self.file.add_paragraph(style="Brand")
        brand.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        mark = brand.add_run().add_picture(io.BytesIO(ring_picture(told.colours)), width=Mm(9))
        mark._inline.docPr.set("descr", "")
        left = "  ".join(printable(text) for text in (told.edition, told.issuer) if text)
        right = "  ·  ".join(printable(text) for text in (told.mark, told.date) if text)
        brand.add_run(f"  {left}\t{right}")
        if told.cover:
            brand.paragraph_format.space_after = Mm(110)
        title = self.file.add_paragraph(printable(told.title), style="Title")
        if told.cover:
            title.runs[0].font.size = Pt(32)
        if told.subtitle:
            self.file.add_paragraph(printable(told.subtitle), style="Subtitle")
        if told.cover:
            self.file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    # -- Text ----------------------------------------------------------------------------------------------------------

    def _say(self, paragraph: Any, text: p.Text, *, bold: bool = False) -> None:
        for run in runs(text, self.document.base):
            strong = bold or run.strong
            if run.href and (not run.href.startswith("#") or run.href[1:] in {anchor for _h, anchor in self._headings}):
                ooxml.link(paragraph, run.text, run.href, bold=strong)
            else:
                paragraph.add_run(run.text).bold = strong or None

    def _line(self, text: p.Text, style: str) -> Any:
        paragraph = self.file.add_paragraph(style=style)
        self._say(paragraph, text)
        return paragraph

    def add(self, part: p.Part) -> None:
        getattr(self, f"_{type(part).__name__.lower()}")(part)

    def _heading(self, part: p.Heading) -> None:
        line = self._line(part.text, f"Heading {min(4, max(1, part.level))}")
        anchor = next(anchor for heading, anchor in self._headings if heading is part)
        if anchor not in self._seen:
            self._bookmarks += 1
            self._seen.add(anchor)
            ooxml.bookmark(line, anchor, self._bookmarks)

    def _paragraph(self, part: p.Paragraph) -> None:
        self._line(part.text, "Quiet" if part.quiet else "Normal")

    def _bullets(self, part: p.Bullets) -> None:
        for item in part.items:
            self._line(item, "List Bullet")

    def _numbered(self, part: p.Numbered) -> None:
        numbering = self.file.part.numbering_part.element
        style = self.file.styles["List Number"].element
        abstract = numbering.num_having_numId(style.pPr.numPr.numId.val).abstractNumId.val
        own = numbering.add_num(abstract)
        own.add_lvlOverride(ilvl=0).add_startOverride(max(0, part.start))
        for item in part.items:
            line = self._line(item, "List Number")
            properties = line._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = own.numId

    def _note(self, part: p.Note) -> None:
        lines = [(part.title, True)] * bool(part.title) + [(part.text, False)]
        for text, heading in lines:
            line = self.file.add_paragraph(style="Note")
            ooxml.border(line, left=(COLOURS[part.mood], 24, 8))
            ooxml.shade(line, TINTS[part.mood])
            if heading:
                line.paragraph_format.keep_with_next = True
                line.paragraph_format.space_after = Pt(0)
                sign = line.add_run(f"{_SIGNS[part.mood]} {plain(text)}")
                sign.bold, sign.font.color.rgb = True, RGBColor.from_string(COLOURS[part.mood])
            else:
                self._say(line, text)

    def _pagebreak(self, _part: p.PageBreak) -> None:
        self.file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _contents(self, part: p.Contents) -> None:
        self.file.add_paragraph(_("Contents"), style="Contents")
        for heading, anchor in self._headings:
            if heading.level <= part.depth:
                line = self.file.add_paragraph(style=f"toc {min(3, heading.level)}")
                ooxml.link(line, plain(heading.text), f"#{anchor}")

    # -- Tables --------------------------------------------------------------------------------------------------------

    def _grid(self, rows: int, widths: list[float], *, outside: str = "", inside: str = LINE, words: str = "") -> Any:
        grid = self.file.add_table(rows=rows, cols=len(widths))
        grid.alignment = WD_TABLE_ALIGNMENT.LEFT
        ooxml.rule_table(grid, inside=inside, outside=outside)
        ooxml.describe(grid, words)
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = Mm(width)
        return grid

    def _after(self, note: p.Text = "") -> None:
        """Two tables in a row would grow together; the space between them is where a note stands."""
        self._line(note, "Table Note")

    def _table(self, part: p.Table) -> None:
        if part.caption:
            self._line(part.caption, "Caption")
        widths, scale = layout(part)
        size = Pt(round(9 * scale * 2) / 2)
        millimetres = [share * _WIDTH for share in widths]
        grid = self._grid(1 + len(part.rows), millimetres, outside=STRONG_LINE, words=printable(part.caption))
        rows = list(grid.rows)
        ooxml.repeat_head(rows[0])
        for cell, column, width in zip(ooxml.cells_of(rows[0]), part.columns, millimetres, strict=True):
            ooxml.shade_cell(cell, SUNK)
            self._cell(cell, column.title, column, size=size, width=width, bold=True)
        for number, (row, values) in enumerate(zip(rows[1:], part.rows, strict=True), start=1):
            ooxml.keep_row(row)
            last = part.total and number == len(part.rows)
            for cell, value, column, width in zip(ooxml.cells_of(row), values, part.columns, millimetres, strict=True):
                self._cell(cell, value, column, size=size, width=width, bold=last)
                if last:
                    ooxml.edge_cell(cell, top=(INK, 8), bottom=(INK, 8))
        self._after(part.note if part.rows else part.empty)

    def _cell(self, cell: Any, value: p.Cell, column: p.Column, *, size: Any, width: float, bold: bool = False) -> None:
        cell.width = Mm(width)
        line = cell.paragraphs[0]
        line._p.style = self._ids["Cell"]
        if column.kind is p.Kind.NUMBER:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._value(line, value, column, bold=bold)
        for run in line.runs:
            run.font.size = size

    def _value(self, line: Any, value: p.Cell, column: p.Column | None = None, *, bold: bool = False) -> None:
        if isinstance(value, p.State):
            run = line.add_run(f"{_SIGNS[value.mood]} {plain(value.text)}")
            run.bold, run.font.color.rgb = True, RGBColor.from_string(COLOURS[value.mood])
        elif (
            column
            and column.kind is p.Kind.METER
            and not isinstance(value, (str, tuple, p.Number))
            and value is not None
        ):
            full = round(8 * min(1.0, max(0.0, float(value))))
            line.add_run("█" * full).font.color.rgb = RGBColor.from_string(SECOND)
            line.add_run("█" * (8 - full)).font.color.rgb = RGBColor.from_string(LINE)
            line.add_run(f" {percentage(value)}").bold = bold or None
        else:
            self._say(line, shown(value, self.document.base), bold=bold)

    def _facts(self, part: p.Facts) -> None:
        grid = self._grid(len(part.items), [44, _WIDTH - 44], outside=LINE)
        for row, item in zip(grid.rows, part.items, strict=True):
            label, value = ooxml.cells_of(row)
            label.width, value.width = Mm(44), Mm(_WIDTH - 44)
            label.paragraphs[0]._p.style = value.paragraphs[0]._p.style = self._ids["Cell"]
            label.paragraphs[0].add_run(plain(item.label)).font.color.rgb = RGBColor.from_string(SECOND)
            self._value(value.paragraphs[0], item.value)
        self._after()

    def _figures(self, part: p.Figures) -> None:
        across = max(1, min(len(part.items), 4 if len(part.items) not in {5, 6, 9} else 3))
        width = _WIDTH / across
        rows = -(-len(part.items) // across)
        grid = self._grid(rows, [width] * across, inside=STRONG_LINE, outside=STRONG_LINE)
        for index, item in enumerate(part.items):
            cell = grid.rows[index // across].cells[index % across]
            cell.width = Mm(width)
            first = cell.paragraphs[0]
            first._p.style = self._ids["Figure"]
            self._say(first, (p.Run(value_of(item), href=item.href),), bold=True)
            if item.mood and first.runs:
                first.runs[0].font.color.rgb = RGBColor.from_string(COLOURS[item.mood])
            if item.unit:
                unit = first.add_run(f" {plain(item.unit)}")
                unit.font.size = Pt(10)
            cell.add_paragraph(plain(item.label), style="Cell")
            if item.note:
                self._say(cell.add_paragraph(style="Quiet"), item.note)
        self._after()

    def _bars(self, part: p.Bars) -> None:
        title = (
            f"{plain(part.title)}  ({plain(part.unit)})" if part.title and part.unit else plain(part.title or part.unit)
        )
        if title:
            self._line(title, "Caption")
        targets = any(bar.target is not None for bar in part.items)
        widths = [40.0, _WIDTH - 40 - 26 * (1 + targets), *([26.0] * (1 + targets))]
        grid = self._grid(len(part.items) + targets, widths, words=title)
        if targets:
            for cell, text in zip(ooxml.cells_of(grid.rows[0])[2:], (plain(part.unit), _("Target")), strict=True):
                cell.paragraphs[0]._p.style = self._ids["Cell"]
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
                cell.paragraphs[0].add_run(text).font.color.rgb = RGBColor.from_string(QUIET)
            ooxml.repeat_head(grid.rows[0])
        top = top_of(part)
        for row, bar in zip(list(grid.rows)[targets:], part.items, strict=True):
            self._bar(row, bar, part, top=top, widths=widths)
        self._after(part.note)

    def _bar(self, row: Any, bar: p.Bar, part: p.Bars, *, top: float, widths: list[float]) -> None:
        ooxml.keep_row(row)
        cells = ooxml.cells_of(row)
        for cell, width in zip(cells, widths, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0]._p.style = self._ids["Cell"]
        self._say(cells[0].paragraphs[0], (p.Run(bar.label, href=bar.href),))
        share = 0.0 if bar.value is None else min(1.0, max(0.0, float(bar.value) / top))
        blocks = cells[1].paragraphs[0].add_run("█" * (round(_BLOCKS * share) or int(share > 0)))
        blocks.font.color.rgb = RGBColor.from_string(COLOURS[bar.mood] if bar.mood else SECOND)
        self._say(cells[2].paragraphs[0], bar.shown or figure(bar.value, part.digits), bold=True)
        if len(cells) > 3 and bar.target is not None:
            self._say(cells[3].paragraphs[0], figure(bar.target, part.digits))
        for cell in cells[2:]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT

    # -- Pictures ------------------------------------------------------------------------------------------------------

    def _picture(self, content: bytes, alt: str, share: float) -> None:
        line = self.file.add_paragraph()
        shape = line.add_run().add_picture(io.BytesIO(content), width=Mm(_WIDTH * min(1.0, max(0.1, share))))
        shape._inline.docPr.set("descr", plain(alt))

    def _curve(self, part: p.Curve) -> None:
        self._picture(picture_of(part, self.document), part.alt, 1.0)

    def _image(self, part: p.Image) -> None:
        self._picture(part.content, part.alt, part.width)
        if part.caption:
            self._line(part.caption, "Quiet")

    def _signatures(self, part: p.Signatures) -> None:
        grid = self._grid(len(part.items), [34, 90, 50], inside=INK, outside="")
        for row, item in zip(grid.rows, part.items, strict=True):
            row.height = Mm(16)
            for cell, width, text in zip(
                ooxml.cells_of(row), (34, 90, 50), (item.role, item.name, _("Date")), strict=True
            ):
                cell.width = Mm(width)
                cell.paragraphs[0]._p.style = self._ids["Cell"]
                cell.paragraphs[0].paragraph_format.space_before = Mm(8)
                cell.paragraphs[0].add_run(plain(text))
                ooxml.edge_cell(cell, bottom=(INK, 6))
        self._after()


def _pieces(words: str) -> list[str]:
    """The words cut around the two marks, which stay as pieces of their own."""
    out = [""]
    for sign in words:
        if sign in "\x00\x01":
            out += [sign, ""]
        else:
            out[-1] += sign
    return [piece for piece in out if piece]
