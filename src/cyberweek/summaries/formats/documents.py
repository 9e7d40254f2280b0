"""A content as a document: for the page, PDF and DOCX. The same content gives the same document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from cyberweek.documents.core import parts as p
from cyberweek.kernel.templatetags.look import listed
from cyberweek.summaries.core.tokens import Block, Kind, Token, blocks_of
from cyberweek.summaries.enums import Part, State

from .codes import qr_codes
from .words import code_in_two, evidence, moment, said, significant, unit_of_count, value_in_words

Json = dict[str, Any]
Where = Callable[[str], str]
"""From a figure's key ("figure:attendance") to the address where its rows are; "" where it does not open."""

KEYS: Final = (
    "attendance",
    "people-reached",
    "online-views",
    "activities-published",
    "participants",
    "papers",
    "reads",
    "materials",
)
_FACES: Final = 6  # figures in the large
_CODES: Final = 4
_MOODS: Final = {
    State.DRAFT: p.Mood.OPEN,
    State.FROZEN: p.Mood.UNDERWAY,
    State.SENT: p.Mood.INFO,
    State.TAKEN: p.Mood.GOOD,
}


def nowhere(_key: str) -> str:
    return ""


def document_of(content: Json, language: str, *, sha256: str, where: Where = nowhere) -> p.Document:
    """A frozen version as a document in one language, with where its figures open and its hash."""
    with override(language):
        parts: list[p.Part] = [p.Contents(1)]
        parts += [part for _code, section in sections(content, language, where=where) for part in section]
        parts += _annex(content, language)
        base = content.get("base", "")
        link = f"{base}/{content['edition']['slug']}/summary/{content['unit']['code']}/" if base else ""
        return p.Document(
            title=pgettext("report of a unit", "Summary"),
            subtitle=said(content["unit"]["name"], language),
            language=language,
            parts=tuple(parts),
            issuer=said(content["unit"]["name"], language),
            edition=said(content["edition"]["title"], language),
            date=moment(content["at"], content["edition"]["zone"]),
            mark=_("Version %(n)d") % {"n": content["number"]},
            link=link,
            digest=sha256,
            base=base,
            cover=True,
        )


def sections(content: Json, language: str, *, where: Where = nowhere) -> Iterator[tuple[str, list[p.Part]]]:
    """Each section's code with its parts, its heading first. Wants the language active."""
    for section in content["sections"]:
        part = Part(section["part"])
        body = section_parts(content, blocks_of(said(section["text"], language)), language, where)
        yield part.value, [p.Heading(str(part.label), 1, anchor=part.value), *(body or [_nothing()])]


def _nothing() -> p.Part:
    return p.Paragraph(_("Nothing has been written here."), quiet=True)


def section_parts(content: Json, blocks: Iterable[Block], language: str, where: Where) -> list[p.Part]:
    """A text's blocks as parts: tokens as what they stand for, everything else as it was typed."""
    parts: list[p.Part] = []
    items: list[p.Text] = []

    def close() -> None:
        if items:
            parts.append(p.Bullets(tuple(items)))
            items.clear()

    for block in blocks:
        if block.kind == "item":
            items.append(_runs(content, block, where))
            continue
        close()
        if block.kind == "alone":
            token = block.pieces[0]
            assert isinstance(token, Token)
            parts += _alone(content, token, language, where)
        else:
            parts.append(p.Paragraph(_runs(content, block, where)))
    close()
    return parts


def _runs(content: Json, block: Block, where: Where) -> tuple[p.Run, ...]:
    runs = []
    for piece in block.pieces:
        if isinstance(piece, str):
            runs.append(p.Run(piece))
        else:
            one = content["figures"].get(piece.key)
            runs.append(
                p.Run(value_in_words(one, rate=piece.kind == Kind.RATE), strong=True, href=where(piece.key))
                if one
                else p.Run(_("(no such figure: %(code)s)") % {"code": piece.code})
            )
    return tuple(runs)


def _alone(content: Json, token: Token, language: str, where: Where) -> list[p.Part]:
    if token.kind == Kind.CHART:
        chart = content["charts"].get(token.code)
        return chart_parts(chart, language) if chart else _no_chart(content, token)
    made = {
        "figures": lambda: _large(content, language, where),
        "below": lambda: _below(content, language),
        "days": lambda: _days(content, language),
        "kinds": lambda: _kinds(content, language),
        "cases": lambda: _cases(content, language),
        "lessons": lambda: _lessons(content, language),
    }.get(token.code)
    return made() if made else [p.Note(_("(no such table: %(code)s)") % {"code": token.code}, mood=p.Mood.WATCH)]


def _no_chart(content: Json, token: Token) -> list[p.Part]:
    if f"figure:{token.code}" not in content["figures"]:
        return [p.Note(_("(no such figure: %(code)s)") % {"code": token.code}, mood=p.Mood.WATCH)]
    return [p.Paragraph(_("There are no regions below with figures to compare."), quiet=True)]


def _large(content: Json, language: str, where: Where) -> list[p.Part]:
    figures = content["figures"]
    chosen = [f"figure:{code}" for code in KEYS if figures.get(f"figure:{code}", {}).get("value") is not None]
    items = [
        p.Figure(
            value=value_in_words(figures[key]),
            label=said(figures[key]["label"], language),
            unit=unit_of_count(figures[key]["count"]),
            note=evidence(figures[key]),
            href=where(key),
        )
        for key in chosen[:_FACES]
    ]
    return [p.Figures(tuple(items))] if items else []


def chart_parts(chart: Json, language: str) -> list[p.Part]:
    """Regions compared: bars of adjusted rates with the mean as their tick, then the table with the intervals."""
    rated = [line for line in chart["lines"] if line["rate"] is not None]
    parts: list[p.Part] = []
    if rated:
        bars = [
            p.Bar(
                said(line["name"], language), Decimal(line["rate"]), target=Decimal(chart["mean"]),
                shown=significant(Decimal(line["rate"])),
            )
            for line in rated
        ]  # fmt: skip
        title = _("%(figure)s per 10,000 people, adjusted") % {"figure": said(chart["label"], language)}
        parts.append(p.Bars(tuple(bars), title=title, unit=unit_of_count(chart["count"]), note=about_rates(chart)))
    return [*parts, chart_table(chart, language)]


def chart_table(chart: Json, language: str) -> p.Table:
    """The figures behind a chart."""
    columns = (
        p.Column(_("Region")),
        p.Column(said(chart["label"], language), p.Kind.NUMBER),
        p.Column(_("Per 10,000 as counted"), p.Kind.NUMBER),
        p.Column(_("Adjusted"), p.Kind.NUMBER),
        p.Column(_("Between, with 95 %"), p.Kind.NUMBER),
        p.Column(_("What to know")),
    )
    told = [line for line in chart["lines"] if line["withheld"] or line["value"] is not None]
    rows = tuple(_chart_row(line, language) for line in told)
    silent = [said(line["name"], language) for line in chart["lines"] if line not in told]
    caption = _("%(figure)s by region") % {"figure": said(chart["label"], language)}
    note = _("Nothing reported from: %(regions)s") % {"regions": listed(silent)} if silent else ""
    return p.Table(columns, rows, caption=caption, note=note, empty=_("Nothing has been reported yet."))


def _chart_row(line: Json, language: str) -> tuple[p.Cell, ...]:
    name = said(line["name"], language)
    if line["withheld"]:
        return (name, _("withheld"), None, None, "", _("few people: withheld, or withheld beside a small figure"))
    value = Decimal(line["value"]) if line["value"] is not None else None
    if line["rate"] is None:
        why = "" if line["people"] else _("not adjusted: population not known")
        return (name, value, None, None, "", why)
    shown = [significant(Decimal(line[key])) for key in ("raw", "rate", "low", "high")]
    return (name, value, shown[0], shown[1], f"{shown[2]}–{shown[3]}", standing_out(line))


def standing_out(line: Json) -> str:
    """Whether a region differs from the mean by more than chance."""
    if line["out"] > 0:
        return _("above the mean by more than chance")
    return _("below the mean by more than chance") if line["out"] < 0 else ""


def about_rates(chart: Json) -> str:
    """How the rates were made."""
    return _(
        "Per 10,000 residents of the census; the tick is the mean of all, %(mean)s. Small places are drawn towards the"
        " mean (empirical Bayes, gamma–Poisson), as their rates swing by chance; groups of %(group)s on average count"
        " together. A rank within the intervals means nothing."
    ) % {"mean": significant(Decimal(chart["mean"])), "group": significant(Decimal(chart["dispersion"]))}


def _below(content: Json, language: str) -> list[p.Part]:
    below = content["below"]
    if not below:
        return []
    missing = [one for one in below if one["state"] not in {State.SENT, State.TAKEN}]
    said_first = ngettext(
        "Of %(n)d unit right below, %(missing)d has not sent its summary.",
        "Of %(n)d units right below, %(missing)d have not sent theirs.",
        len(below),
    ) % {"n": len(below), "missing": len(missing)}
    rows: tuple[tuple[p.Cell, ...], ...] = tuple(
        (
            said(one["name"], language),
            p.State(str(State(one["state"]).label), _MOODS[State(one["state"])]),
            _("version %(n)d") % {"n": one["version"]} if one["version"] else "",
        )
        for one in sorted(below, key=lambda one: (one["state"] in {State.SENT, State.TAKEN}, one["code"]))
    )
    columns = (p.Column(_("Unit")), p.Column(_("State"), p.Kind.STATE), p.Column(_("Sent")))
    return [p.Paragraph(said_first), p.Table(columns, rows, caption=_("Summaries of the units right below"))]


def _days(content: Json, language: str) -> list[p.Part]:
    columns = (
        p.Column(_("Theme day")), p.Column(_("Date")), p.Column(_("Lead department")),
        p.Column(_("Activities"), p.Kind.NUMBER), p.Column(_("Regions"), p.Kind.NUMBER),
    )  # fmt: skip
    rows = tuple(
        (said(day["name"], language), day["date"], said(day["lead"], language), day["activities"], day["regions"])
        for day in content["days"]
    )
    return [p.Table(columns, rows, caption=_("Activities by theme day"), empty=_("The edition has no theme days."))]


def _kinds(content: Json, language: str) -> list[p.Part]:
    counts: dict[str, int] = {}
    for row in content["kinds"]:
        label = said(row["label"], language)
        counts[label] = counts.get(label, 0) + row["activities"]
    if not counts:
        return []
    bars = tuple(p.Bar(label, n) for label, n in sorted(counts.items(), key=lambda item: -item[1]))
    return [p.Bars(bars, title=_("Activities by kind"), unit=unit_of_count("activities"))]


def _cases(content: Json, language: str) -> list[p.Part]:
    parts: list[p.Part] = []
    for case in content["cases"]:
        title = p.Run(
            said(case["title"], language), strong=True, href=f"/{content['edition']['slug']}/cases/{case['pk']}/"
        )
        practice = said(case["practice"], language)
        parts.append(p.Paragraph((title, p.Run("\n" + practice[:400] + ("…" if len(practice) > 400 else "")))))
        parts.append(p.Paragraph(f"{said(case['unit'], language)} · {said(case['label'], language)}", quiet=True))
    return parts or [p.Paragraph(_("No case of this unit is in the casebook yet."), quiet=True)]


def _lessons(content: Json, language: str) -> list[p.Part]:
    if not content["lessons"]:
        return [p.Paragraph(_("No lessons have been noted yet."), quiet=True)]
    columns = (p.Column(_("What happened")), p.Column(_("Why")), p.Column(_("What to do next time")))
    rows = tuple(
        (
            one["what"] + (f" ({said(one['unit'], language)})" if one["unit"] else ""), one["why"], one["next_time"],
        )
        for one in content["lessons"]
    )  # fmt: skip
    return [p.Table(columns, rows, caption=_("Lessons"))]


def used_figures(content: Json) -> list[str]:
    """The keys of figures that the texts name in any language, in the order of the content."""
    named = {
        piece.key
        for section in content["sections"]
        for text in section["text"].values()
        for block in blocks_of(text)
        for piece in block.pieces
        if isinstance(piece, Token)
    }
    shown = {f"figure:{code}" for code in KEYS} if "table:figures" in named else set()
    shown |= {key.replace("chart:", "figure:", 1) for key in named}
    return [
        key for key, one in content["figures"].items() if key in shown | named and (one["value"] or one["withheld"])
    ]


def _annex(content: Json, language: str) -> list[p.Part]:
    """Where each figure opens, in print: its short link; and the QR codes of the first."""
    keys = used_figures(content)
    base = content.get("base", "")
    columns = (
        p.Column(_("Figure")), p.Column(_("Value"), p.Kind.NUMBER), p.Column(_("Unit of count")),
        p.Column(_("Evidence")), p.Column(_("As of")), p.Column(_("Opens at")),
    )  # fmt: skip
    rows = tuple(_annex_row(content, key, language, base) for key in keys)
    parts: list[p.Part] = [
        p.Heading(_("Where the figures come from"), 1, anchor="figures"),
        p.Paragraph(_("Each figure opens at its short link: as it was frozen, beside what it is now.")),
        p.Table(columns, rows, caption=_("Figures and their short links"), empty=_("The text names no figures.")),
    ]
    links = [(f"{base}/f/{content['figures'][key]['link']}", key) for key in keys[:_CODES]]
    if base and links:
        codes = [(address, code_in_two(address[-8:])) for address, _key in links]
        alt = _("QR codes of the short links of the first figures")
        parts.append(p.Image(qr_codes(codes), alt, caption=alt, width=min(1.0, 0.2 * len(codes))))
    return parts


def _annex_row(content: Json, key: str, language: str, base: str) -> tuple[p.Cell, ...]:
    one = content["figures"][key]
    rate = key.startswith("rate:")
    unit = unit_of_count(one["count"])
    return (
        said(one["label"], language),
        value_in_words(one, rate=rate),
        _("%(unit)s per 10,000 people") % {"unit": unit} if rate else unit,
        evidence(one),
        one["as_of"][:10],
        (p.Run(f"/f/{code_in_two(one['link'])}", href=f"{base}/f/{one['link']}" if base else ""),),
    )
