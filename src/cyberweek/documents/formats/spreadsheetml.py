"""The words of a spreadsheet's file (ISO/IEC 29500, SpreadsheetML): what stands around its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KINDS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FIRST_FORMAT: Final = 164  # numbers below are the spreadsheet's own

HEAD: Final = 1
QUOTED: Final = 2
FORMATTED: Final = 3
"""Styles of cells: the head, a text that stays one when it is edited, and the first of those with a format."""


def sheet_begin(widths: Sequence[float]) -> str:
    """A sheet up to its first row, whose head stays in sight."""
    cols = "".join(
        f'<col min="{n}" max="{n}" width="{width:.1f}" customWidth="1"/>' for n, width in enumerate(widths, 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        + (f"<cols>{cols}</cols><sheetData>" if cols else "<sheetData>")
    )


def sheet_end(reach: str) -> str:
    """… and what follows the last: the filter over all of them."""
    return f'</sheetData><autoFilter ref="{reach}"/></worksheet>'


def text_cell(at: str, text: str, style: int = 0) -> str:
    """`text` must be fit for XML."""
    kept = f' s="{style}"' if style else ""
    return f'<c r="{at}"{kept} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def number_cell(at: str, value: object, style: int = 0) -> str:
    kept = f' s="{style}"' if style else ""
    return f'<c r="{at}"{kept}><v>{value}</v></c>'


def parts(names: Sequence[str], formats: Sequence[str], written: dt.datetime | None) -> Iterator[tuple[str, str]]:
    """Everything but the sheets, whose names are given: path and contents."""
    numbers = range(1, len(names) + 1)
    yield "[Content_Types].xml", _types(numbers)
    yield (
        "_rels/.rels",
        _relations(
            (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
    )
    yield "docProps/core.xml", _properties(written)
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations(
            *((f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
            (f"{_OFFICE}/styles", "styles.xml"),
        ),
    )
    yield "xl/workbook.xml", _book(names)
    yield "xl/styles.xml", _styles(formats)


def _types(numbers: range) -> str:
    overrides = [("xl/workbook.xml", f"{_KINDS}.sheet.main+xml"), ("xl/styles.xml", f"{_KINDS}.styles+xml")]
    overrides += [(f"xl/worksheets/sheet{n}.xml", f"{_KINDS}.worksheet+xml") for n in numbers]
    overrides.append(("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"))
    told = "".join(f'<Override PartName="/{path}" ContentType="{kind}"/>' for path, kind in overrides)
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{told}</Types>"
    )


def _relations(*targets: tuple[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _properties(written: dt.datetime | None) -> str:
    moment = f"{written.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" if written else ""
    told = "".join(
        f'<dcterms:{what} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{what}>' for what in ("created", "modified")
    )
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{told if written else ''}</cp:coreProperties>"
    )


def _book(names: Sequence[str]) -> str:
    sheets = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


_STYLES: Final = """{xml}<styleSheet xmlns="{main}">{formats}
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><color rgb="FF4A505A"/><name val="Calibri"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFEFF1F4"/></patternFill></fill></fills>
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>
<border><left/><right/><top/><bottom style="thin"><color rgb="FF82868E"/></bottom><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="{count}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">
<alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>{cells}</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
_CELL_STYLE: Final = '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'


def _styles(formats: Sequence[str]) -> str:
    known = list(enumerate(formats, _FIRST_FORMAT))
    own = "".join(f'<numFmt numFmtId="{n}" formatCode={quoteattr(one)}/>' for n, one in known)
    return _STYLES.format(
        xml=_XML, main=_MAIN, formats=f'<numFmts count="{len(known)}">{own}</numFmts>' if known else "",
        count=FORMATTED + len(known), cells="".join(_CELL_STYLE.format(n) for n, _one in known),
    )  # fmt: skip
