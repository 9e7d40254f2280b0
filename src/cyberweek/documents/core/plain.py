"""A document as plain JSON for the PDF's template: clean runs, shares of a scale, widths, addresses that may be followed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from cyberweek.documents.core import parts as p
from cyberweek.documents.core.curves import Drawing, drawing
from cyberweek.documents.core.layout import extent, layout
from cyberweek.documents.core.text import NOTHING, breakable, figure, percentage, plain, runs, shown

Json = dict[str, Any]


class Plain:
    """One document on its way to JSON. `pictures` are the files that it needs beside it.

    `inside`: for a page of our own, where addresses may begin with / and the browser breaks long words.
    """

    def __init__(self, document: p.Document, *, inside: bool = False) -> None:
        self.document = document
        self.base = "/" if inside and not document.base else document.base
        self.inside = inside
        self.pictures: dict[str, bytes] = {}
        self.anchors: set[str] = set()
        self._level = 0

    def parts(self) -> list[Json]:
        return [self._part(part) for part in self.document.parts]

    def runs(self, text: p.Text) -> list[list[Any]]:
        return self._listed(runs(text, self.base))

    def _listed(self, given: Sequence[p.Run]) -> list[list[Any]]:
        cut = str if self.inside else breakable
        return [[cut(run.text), int(run.strong), run.href] for run in given]

    def _part(self, part: p.Part) -> Json:
        maker = getattr(self, f"_{type(part).__name__.lower()}")
        return {"part": type(part).__name__.lower(), **maker(part)}

    def _heading(self, part: p.Heading) -> Json:
        # A level is never skipped on the way down: readers of the tags would look for the missing one.
        self._level = min(max(1, part.level), self._level + 1, 6)
        anchor = part.anchor if part.anchor not in self.anchors else ""
        self.anchors |= {anchor} - {""}
        text = self.runs(part.text) if plain(part.text).strip() else [[NOTHING, 0, ""]]
        return {"text": text, "level": self._level, "anchor": anchor}

    def _paragraph(self, part: p.Paragraph) -> Json:
        return {"text": self.runs(part.text), "quiet": part.quiet}

    def _bullets(self, part: p.Bullets) -> Json:
        return {"items": [self.runs(item) for item in part.items]}

    def _numbered(self, part: p.Numbered) -> Json:
        return {"items": [self.runs(item) for item in part.items], "start": max(0, part.start)}

    def _cell(self, cell: p.Cell, column: p.Column | None = None) -> Json:
        if column and column.kind is p.Kind.METER and isinstance(cell, (int, float, Decimal)):
            run = [[percentage(cell), 0, ""]]
            return {
                "kind": "meter",
                "runs": run,
                "share": _share(cell, 1),
                "tick": column.mark,
                "mood": p.Mood.UNDERWAY,
            }
        if isinstance(cell, p.State):
            return {
                "kind": "state",
                "mood": cell.mood,
                "terse": cell.terse,
                "alt": plain(cell.text) or cell.mood,
                "runs": self.runs(cell.text),
            }
        return {"kind": "text", "runs": self._listed(shown(cell, self.base))}

    def _row(self, row: tuple[p.Cell, ...], columns: tuple[p.Column, ...]) -> list[Json]:
        """The cells; a meter takes the colour of a risk that its row states, and no colour where all is well."""
        cells = [self._cell(cell, column) for cell, column in zip(row, columns, strict=True)]
        moods = {cell["mood"] for cell in cells if cell["kind"] == "state" and not cell["terse"]}
        worst = next((mood for mood in (p.Mood.BAD, p.Mood.WATCH) if mood in moods), p.Mood.UNDERWAY)
        for cell in cells:
            if cell["kind"] == "meter":
                cell["mood"] = worst
        return cells

    def _table(self, part: p.Table) -> Json:
        widths, scale = layout(part)
        return {
            "widths": widths,
            "scale": scale,
            "kinds": [_kind(part, i) for i in range(len(part.columns))],
            "heads": [self.runs(column.title) for column in part.columns],
            "rows": [self._row(row, part.columns) for row in part.rows],
            "caption": self.runs(part.caption),
            "note": self.runs(part.note),
            "empty": self.runs(part.empty),
            "total": part.total and bool(part.rows),
        }

    def _facts(self, part: p.Facts) -> Json:
        label = min(18.0, max((extent(plain(item.label)) for item in part.items), default=0.0))
        items = [{"label": self.runs(item.label), "value": self._cell(item.value)} for item in part.items]
        return {"items": items, "label": label}

    def _figures(self, part: p.Figures) -> Json:
        count = len(part.items)
        columns = count if count <= 4 else 3 if count in {5, 6, 9} else 4
        longest = max(
            (extent(value_of(item)) * 1.08 + extent(plain(item.unit)) * 0.5 + 0.4 for item in part.items), default=1.0
        )
        size = max(12.0, min(22.0, (174.0 - 6 * (columns - 1)) / max(columns, 1) / 0.353 / max(longest, 1.0)))
        items = [
            {
                "value": self._listed(runs((p.Run(value_of(item), href=item.href),), self.base)),
                "unit": self.runs(item.unit),
                "label": self.runs(item.label),
                "note": self.runs(item.note),
                "mood": item.mood,
                "size": size,
            }
            for item in part.items
        ]
        return {"items": items, "columns": max(1, columns)}

    def _bars(self, part: p.Bars) -> Json:
        top = top_of(part)
        items = [
            {
                "label": self._listed(runs((p.Run(bar.label, href=bar.href),), self.base)),
                "value": self.runs(bar.shown or figure(bar.value, part.digits)),
                "share": None if bar.value is None else _share(bar.value, top),
                "tick": None if bar.target is None else _share(bar.target, top),
                "mood": bar.mood,
            }
            for bar in part.items
        ]
        return {
            "items": items,
            "title": self.runs(part.title),
            "unit": self.runs(part.unit),
            "note": self.runs(part.note),
            "label": min(16.0, max((extent(plain(bar.label)) for bar in part.items), default=0.0)),
            "figure": min(
                9.0, max((extent(plain(b.shown or figure(b.value, part.digits))) for b in part.items), default=0.0)
            ),
        }

    def _curve(self, part: p.Curve) -> Json:
        drawn: Drawing = drawing(part)
        lines = [
            {
                "label": self.runs(line.label),
                "plan": line.plan,
                "hue": hue,
                "ink": hue is None,
                "pieces": drawn.pieces[i],
            }
            for i, (line, hue) in enumerate(zip(part.lines, drawn.hues, strict=True))
        ]
        return {
            "title": self.runs(part.title),
            "unit": self.runs(part.unit),
            "alt": plain(part.alt),
            "grid": drawn.grid,
            "ticks": drawn.ticks,
            "lines": lines,
        }

    def _note(self, part: p.Note) -> Json:
        return {"text": self.runs(part.text), "title": self.runs(part.title), "mood": part.mood}

    def _image(self, part: p.Image) -> Json:
        suffix = "png" if part.content.startswith(b"\x89PNG") else "jpg"
        name = f"image-{len(self.pictures) + 1}.{suffix}"
        self.pictures[name] = part.content
        width = min(1.0, max(0.1, part.width))
        return {"file": name, "alt": plain(part.alt), "caption": self.runs(part.caption), "width": width}

    def _signatures(self, part: p.Signatures) -> Json:
        return {"items": [{"role": self.runs(item.role), "name": self.runs(item.name)} for item in part.items]}

    def _pagebreak(self, _part: p.PageBreak) -> Json:
        return {}

    def _contents(self, part: p.Contents) -> Json:
        return {"depth": max(1, part.depth)}


def value_of(item: p.Figure) -> str:
    """A large figure as it is written."""
    return item.value if isinstance(item.value, str) else figure(item.value, item.digits)


def top_of(part: p.Bars) -> float:
    """The value at the end of the scale; 1 where there is none."""
    values = [v for bar in part.items for v in (bar.value, bar.target) if v is not None and math.isfinite(v)]
    top = max(values, default=0) if part.top is None else part.top
    return float(top) if top > 0 else 1.0


def _share(value: float | Decimal, top: float) -> float:
    share = float(value) / top
    return round(min(1.0, max(0.0, share)), 4) if math.isfinite(share) else 0.0


def _kind(part: p.Table, index: int) -> str:
    cells = [row[index] for row in part.rows]
    if cells and all(isinstance(cell, p.State) and cell.terse for cell in cells):
        return "terse"
    return str(part.columns[index].kind)
