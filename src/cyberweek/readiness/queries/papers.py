"""The papers of a meeting as documents: the agenda pack and the minutes, from plain values that were frozen."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from cyberweek.documents.core import parts as p
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.templatetags.look import clock, day_long, day_short, zone_name
from cyberweek.planning.enums import TaskState
from cyberweek.readiness.enums import SURE_FROM, ItemKind, Presence, RiskLevel, RiskState, Standing

MOODS: Final = {Standing.SURE: p.Mood.GOOD, Standing.AT_RISK: p.Mood.WATCH, Standing.RED: p.Mood.BAD}
LEVEL_MOODS: Final = {
    RiskLevel.EXTREME: p.Mood.BAD,
    RiskLevel.HIGH: p.Mood.BAD,
    RiskLevel.MEDIUM: p.Mood.WATCH,
    RiskLevel.LOW: p.Mood.GOOD,
}
Plain = dict[str, Any]


def said(text: Any) -> str:
    """A name or text in the active language; what somebody wrote in one language alone is given as it is."""
    return text if isinstance(text, str) else str(LocalizedText(text or {}))


def moment(text: str, zone: str) -> str:
    """An ISO moment as people read it, with its zone."""
    at = dt.datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    return f"{day_long(at)} {clock(at)} ({zone_name(zone)})"


def brief_document(content: Plain, *, language: str, digest: str, at: dt.datetime, number: int) -> p.Document:
    """The agenda pack in one language."""
    with override(language.lower()):
        meeting, zone = content["meeting"], content["meeting"]["zone"]
        parts: list[p.Part] = [
            *_head(content), *_agenda(content), *_readiness(content), *_register(content), *_wanted(content),
            *_pending(content), *_pages(content),
        ]  # fmt: skip
        return p.Document(
            title=said(meeting["title"]),
            subtitle=_("Agenda pack, version %(n)d") % {"n": number},
            language=language,
            issuer=said(meeting["unit"]),
            edition=said(content["edition"]["title"]),
            date=moment(meeting["starts"], zone),
            mark=_("For the meeting only"),
            footer=_("As of %(moment)s") % {"moment": moment(at.isoformat(), zone)},
            digest=digest,
            parts=tuple(parts),
        )


def _head(content: Plain) -> list[p.Part]:
    meeting, edition = content["meeting"], content["edition"]
    asked, came = len(content["reports"]), sum(bool(one["sent"]) for one in content["reports"])
    facts = [
        p.Fact(_("When"), moment(meeting["starts"], meeting["zone"])),
        p.Fact(_("Where"), said(meeting["place"]) or "–"),
        p.Fact(_("Called by"), said(meeting["unit"])),
        p.Fact(_("About"), said(meeting["about"])),
    ]
    if meeting["chair"]:
        facts.append(p.Fact(_("Chair"), meeting["chair"]))
    counts = content["ready"].get("counts", {})
    opening = p.Figure(
        edition["days"], _("days to the opening"), note=day_short(dt.date.fromisoformat(edition["opens"]))
    )
    figures = [
        *([opening] if edition["days"] >= 0 else []),  # the Week has begun: nothing to count down to
        p.Figure(counts.get(Standing.SURE), _("on course"), mood=p.Mood.GOOD),
        p.Figure(counts.get(Standing.AT_RISK), _("at risk"), mood=p.Mood.WATCH),
        p.Figure(counts.get(Standing.RED), _("off course"), mood=p.Mood.BAD),
        p.Figure(f"{came} / {asked}", _("reports that are in")),
    ]
    return [p.Facts(tuple(facts)), p.Figures(tuple(figures))]


def _agenda(content: Plain) -> list[p.Part]:
    rows = tuple(
        (one["number"], said(one["title"]), str(ItemKind(one["kind"]).label), said(one["wanted"]))
        for one in content["agenda"]
    )
    columns = (
        p.Column(_("No."), p.Kind.NUMBER, 1), p.Column(pgettext("agenda", "Item"), width=6), p.Column(_("Kind"), width=3),
        p.Column(_("Decision wanted"), width=7),
    )  # fmt: skip
    return [p.Heading(_("Agenda")), p.Table(columns, rows, empty=_("No agenda was entered."))]


def _readiness(content: Plain) -> list[p.Part]:
    ready = content["ready"]
    heading = p.Heading(_("Who is ready, who is not, and why"))
    if not ready:
        return [heading, p.Paragraph(_("No forecast had been made when this pack was."), quiet=True)]
    rows = tuple(_ready_row(one) for one in ready["rows"])
    columns = (
        p.Column(_("Region or unit"), width=4), p.Column(_("State"), p.Kind.STATE, 3),
        p.Column(_("Chance"), p.Kind.METER, 3, mark=SURE_FROM), p.Column(_("Done"), width=2),
        p.Column(_("What holds it up, and what would turn it"), width=9),
    )  # fmt: skip
    note = _(
        "Forecast of %(moment)s. Of a unit the chance that all it must have done by the opening stands; of a region the "
        "share of its units expected to be ready. The line is %(line)d%%."
    ) % {"moment": moment(ready["at"], content["meeting"]["zone"]), "line": round(100 * SURE_FROM)}
    return [heading, p.Table(columns, rows, note=note, empty=_("The forecast says nothing of this scope."))]


def _ready_row(one: Plain) -> tuple[p.Cell, ...]:
    standing = Standing(one["standing"])
    return (
        said(one["name"]),
        p.State(str(standing.label), MOODS[standing]),
        one["chance"],
        f"{one['done']} / {one['must']}",
        _why(one),
    )


def _why(one: Plain) -> str:
    texts = []
    for cause in one["why"]:
        name = said(cause["name"])
        if "gain" in cause:
            texts.append(_("%(name)s (−%(n)d points)") % {"name": name, "n": cause["gain"]})
        elif "late" in cause:
            texts.append(_("%(name)s: %(n)s late") % {"name": name, "n": cause["late"]})
        else:
            texts.append(_("%(name)s: %(n)d%%") % {"name": name, "n": cause["chance"]})
    text = _("; ").join(texts)
    if one["turn"]:
        names = _(", ").join(said(name) for name in one["turn"])
        turned = {"names": names, "n": round(100 * one["turned"])}
        text += "\n" + _("If settled today: %(names)s, the chance rises to %(n)d%%.") % turned
    return text


def _register(content: Plain) -> list[p.Part]:
    rows = tuple(_risk_row(one) for one in content["risks"])
    columns = (
        p.Column(_("Risk"), width=6), p.Column(pgettext("risk", "Level"), p.Kind.STATE, 2), p.Column(_("L × I"), width=2),
        p.Column(pgettext("risk", "Owner"), width=4), p.Column(_("Measures"), width=7),
    )  # fmt: skip
    return [
        p.Heading(_("The gravest risks")),
        p.Table(columns, rows, note=_("L: likelihood, I: impact, 1 to 5 each."), empty=_("No risk is open.")),
    ]


def _risk_row(one: Plain) -> tuple[p.Cell, ...]:
    level = RiskLevel(one["level"])
    owner = [said(one["unit"]), one["owner"]]
    if one["passed_up"]:
        owner.append(_("passed up to %(unit)s") % {"unit": said(one["passed_up"])})
    measures = "\n".join(f"{'✓' if m['done'] else '–'} {said(m['what'])}" for m in one["measures"])
    title = said(one["title"])
    if one["state"] == RiskState.HAPPENED:
        title = f"{title} ({RiskState.HAPPENED.label})"
    return (
        title, p.State(str(level.label), LEVEL_MOODS[level]), f"{one['likelihood']} × {one['impact']}",
        "\n".join(part for part in owner if part), measures or _("none"),
    )  # fmt: skip


def _wanted(content: Plain) -> list[p.Part]:
    wanted = tuple(f"{said(one['title'])}{_(': ')}{said(one['wanted'])}" for one in content["agenda"] if one["wanted"])
    heading = p.Heading(_("Decisions wanted"))
    return [heading, p.Numbered(wanted) if wanted else p.Paragraph(_("None."))]


def _pending(content: Plain) -> list[p.Part]:
    if not content["pending"]:
        return []
    rows = tuple(
        (
            said(one["what"]), said(one["unit"]), day_short(dt.date.fromisoformat(one["due"])),
            f"{TaskState(one['state']).label} {one['progress']}%",
        )
        for one in content["pending"]
    )  # fmt: skip
    columns = (
        p.Column(_("Decided earlier"), width=7), p.Column(_("Unit"), width=4), p.Column(_("Until"), width=2),
        p.Column(_("How far"), width=3),
    )  # fmt: skip
    return [p.Heading(_("Still to be done from earlier meetings")), p.Table(columns, rows)]


def _pages(content: Plain) -> list[p.Part]:
    """Each unit on a page of its own."""
    parts: list[p.Part] = []
    for one in content["reports"]:
        parts += [p.PageBreak(), *_page(one, content["meeting"]["zone"])]
    return parts


def _page(one: Plain, zone: str) -> list[p.Part]:
    heads = {
        "done": _("Done"), "doing": _("Under way"), "troubles": _("Late or blocked, and why"), "asks": _("Asked of others")
    }  # fmt: skip
    counts = _("%(done)d of %(tasks)d tasks done, %(overdue)d overdue, %(blocked)d blocked") % one
    facts = [p.Fact(_("Tasks"), counts)]
    if one["accountable"]:
        facts.append(p.Fact(_("Accountable"), one["accountable"]))
    if one["sent"]:
        facts.append(p.Fact(_("Reported"), moment(one["sent"], zone)))
    parts: list[p.Part] = [p.Heading(said(one["unit"])), p.Facts(tuple(facts))]
    if not one["sent"]:
        text = _("The unit has not reported. What stands here is what its tasks say.")
        parts.append(p.Note(text, title=_("Not reported"), mood=p.Mood.WATCH))
    for name, head in heads.items():
        parts += [p.Heading(head, 2), p.Paragraph(said(one["texts"][name]) or "–")]
    return parts


# -- Minutes ----------------------------------------------------------------------------------------------------------


def minutes_document(content: Plain, *, language: str, digest: str) -> p.Document:
    """The minutes in one language. Without a digest they are a draft and say so."""
    with override(language.lower()):
        meeting, zone = content["meeting"], content["meeting"]["zone"]
        parts: list[p.Part] = [
            p.Facts(tuple(_minutes_facts(content))),
            p.Heading(_("Attendance")),
            p.Table(
                (
                    p.Column(_("Unit"), width=6),
                    p.Column(pgettext("person", "Name"), width=4),
                    p.Column(_("Presence"), width=3),
                ),
                tuple(
                    (said(one["unit"]) or "–", one["name"], str(Presence(one["presence"]).label))
                    for one in content["attendees"]
                ),
                empty=_("Nobody was entered."),
            ),
        ]
        for one in content["agenda"]:
            parts.append(p.Heading(f"{one['number']}. {said(one['title'])}", 2))
            parts.append(p.Paragraph(one["minutes"] or "–"))
        parts += _decided(content)
        parts.append(
            p.Signatures(
                (
                    p.Signature(_("Chair"), meeting["chair"]),
                    p.Signature(pgettext("meeting", "Minutes"), meeting["writer"]),
                )
            )
        )
        return p.Document(
            title=said(meeting["title"]),
            subtitle=pgettext("meeting", "Minutes"),
            language=language,
            issuer=said(meeting["unit"]),
            edition=said(content["edition"]["title"]),
            date=moment(meeting["starts"], zone),
            mark="" if digest else _("Draft"),
            digest=digest,
            parts=tuple(parts),
        )


def _minutes_facts(content: Plain) -> list[p.Fact]:
    meeting = content["meeting"]
    present = sum(one["presence"] == Presence.PRESENT for one in content["attendees"])
    facts = [
        p.Fact(_("When"), moment(meeting["starts"], meeting["zone"])),
        p.Fact(_("Where"), said(meeting["place"]) or "–"),
        p.Fact(_("Called by"), said(meeting["unit"])),
        p.Fact(_("Present"), ngettext("%(n)d", "%(n)d", present) % {"n": present}),
    ]
    if content.get("approved"):
        told = {"name": content["approved"]["by"], "moment": moment(content["approved"]["at"], meeting["zone"])}
        facts.append(p.Fact(pgettext("minutes", "Approved"), _("%(moment)s, %(name)s") % told))
    return facts


def _decided(content: Plain) -> list[p.Part]:
    rows = tuple(
        (one["number"], said(one["what"]), said(one["unit"]), one["accountable"] or "–",
         day_short(dt.date.fromisoformat(one["due"])))
        for one in content["decisions"]
    )  # fmt: skip
    columns = (
        p.Column(_("No."), p.Kind.NUMBER, 1), p.Column(pgettext("meeting", "Decision"), width=7), p.Column(_("Unit"), width=4),
        p.Column(_("Accountable"), width=3), p.Column(_("Until"), width=2),
    )  # fmt: skip
    return [p.Heading(_("Decisions")), p.Table(columns, rows, empty=_("Nothing was decided."))]
