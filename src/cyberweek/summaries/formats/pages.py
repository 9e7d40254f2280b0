"""A content within a page of the house: sections of parts, and regions compared as a plot of dots with their intervals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cyberweek.documents.core import parts as p
from cyberweek.documents.formats.html import page_parts
from cyberweek.summaries.core.tokens import Block, Kind, Token, blocks_of
from cyberweek.summaries.enums import Part

from .documents import Where, about_rates, chart_table, nowhere, section_parts, standing_out
from .words import said, significant, unit_of_count

Json = dict[str, Any]


def page_sections(content: Json, language: str, *, where: Where = nowhere) -> list[Json]:
    """Each section with its name and its blocks: parts of a document, and plots. Wants the language active."""
    return [
        {
            "part": section["part"],
            "label": Part(section["part"]).label,
            "written": section["written"],
            "blocks": page_blocks(content, said(section["text"], language), language, where),
        }
        for section in content["sections"]
    ]


def page_blocks(content: Json, text: str, language: str, where: Where) -> list[Json]:
    """A text as blocks of a page."""
    made: list[Json] = []
    held: list[Block] = []

    def close() -> None:
        if held:
            made.append(_report(section_parts(content, tuple(held), language, where), language))
            held.clear()

    for block in blocks_of(text):
        token = block.pieces[0]
        chart = content["charts"].get(token.code) if isinstance(token, Token) and token.kind == Kind.CHART else None
        if block.kind == "alone" and chart:
            close()
            assert isinstance(token, Token)
            made.append(_plot(chart, language, where(f"figure:{token.code}")))
        else:
            held.append(block)
    close()
    return made


def _report(parts: list[p.Part], language: str) -> Json:
    document = p.Document(title="—", language=language, parts=tuple(parts))
    return {"kind": "parts", "document": page_parts(document, first_level=2)}


def _plot(chart: Json, language: str, href: str) -> Json:
    rated = [line for line in chart["lines"] if line["rate"] is not None]
    top = max((Decimal(line["high"]) for line in rated), default=Decimal(0)) or Decimal(1)
    mean = Decimal(chart["mean"] or 0)
    return {
        "kind": "plot",
        "label": said(chart["label"], language),
        "unit": unit_of_count(chart["count"]),
        "href": href,
        "mean": _percent(mean, top),
        "top": significant(top),
        "note": about_rates(chart) if rated else "",
        "lines": [
            {
                "name": said(line["name"], language),
                "rate": significant(Decimal(line["rate"])),
                "low": significant(Decimal(line["low"])),
                "high": significant(Decimal(line["high"])),
                "at": _percent(Decimal(line["rate"]), top),
                "from": _percent(Decimal(line["low"]), top),
                "to": _percent(Decimal(line["high"]), top),
                "out": standing_out(line),
                "direction": line["out"],
            }
            for line in rated
        ],
        "table": _report([chart_table(chart, language)], language)["document"],
    }


def _percent(value: Decimal, top: Decimal) -> str:
    return f"{value * 100 / top:.2f}"
