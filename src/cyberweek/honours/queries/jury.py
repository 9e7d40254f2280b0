"""What jurors read, and what organisers read about a jury. Nothing here that a juror sees names a unit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from cyberweek.editions.models import Edition
from cyberweek.honours.core.blindness import covered
from cyberweek.honours.core.severity import Outcome, corrected
from cyberweek.honours.core.severity import Sheet as Given
from cyberweek.honours.enums import Counted, SheetState
from cyberweek.honours.models import Call, Conflict, Entry, Juror, Sheet
from cyberweek.honours.rules import BLIND
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.models import Post, Unit

from .desk import names_behind

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def juries_of(user: User, edition: Edition) -> QuerySet[Juror]:
    """The juries on which the person sits, with `n_sheets` and `n_open` (still to be scored)."""
    rows = Juror.objects.filter(person=user, call__edition=edition).select_related("call", "call__edition")
    return rows.annotate(
        n_sheets=Count("sheets", filter=~Q(sheets__state=SheetState.RECUSED)),
        n_open=Count("sheets", filter=Q(sheets__state=SheetState.TO_READ)),
    ).order_by("call__scoring_until")


def jurors_of(call: Call) -> QuerySet[Juror]:
    return Juror.objects.filter(call=call).select_related("person").prefetch_related("conflicts").order_by("id")


def sheets_for(juror: Juror) -> QuerySet[Sheet]:
    """The juror's readings in the order of the numbers; those from which they stepped back are not among them."""
    rows = Sheet.objects.filter(juror=juror).exclude(state=SheetState.RECUSED)
    rows = rows.select_related("juror__call", "juror__person", "entry__unit__region", "entry__call__owner__region")
    return rows.order_by("entry__number")


@dataclass(frozen=True)
class ShownFigure:
    """A claimed figure, ready to be shown; a share carries its sign."""

    label: LocalizedText
    value: str
    counted: str
    is_share: bool


def shown_figures(
    entry: Entry, cover: Callable[[LocalizedText], LocalizedText] = lambda text: text
) -> list[ShownFigure]:
    return [
        ShownFigure(
            label=cover(one.label),
            value=f"{one.value.normalize():,f}",
            counted=str(one.get_counted_display()),
            is_share=one.counted == Counted.PERCENT,
        )
        for one in entry.figures.all()
    ]


@dataclass(frozen=True)
class CoveredEntry:
    """An entry as its jurors see it: what would give it away is covered, and nothing else of it is here."""

    number: int
    title: LocalizedText
    kind: str
    theme: str
    problem: LocalizedText
    practice: LocalizedText
    result: LocalizedText
    reuse: LocalizedText
    figures: list[ShownFigure]
    has_cover: bool


def covered_entry(entry: Entry) -> CoveredEntry:
    """Wants `unit`, `unit.region`, `call.owner.region` fetched."""
    wanted = names_behind([entry])[entry.pk]
    changed = False

    def cover(text: LocalizedText) -> LocalizedText:
        nonlocal changed
        found = LocalizedText({tag: covered(part, wanted) for tag, part in text.items()})
        changed = changed or found != text
        return found

    texts = {name: cover(getattr(entry, name)) for name in ("title", "problem", "practice", "result", "reuse")}
    figures = shown_figures(entry, cover)
    return CoveredEntry(
        number=entry.number or 0,
        kind=entry.get_kind_display(),
        theme=entry.get_theme_display(),
        figures=figures,
        has_cover=changed,
        **texts,
    )


def covered_titles(entries: Collection[Entry]) -> dict[int, LocalizedText]:
    """The titles as jurors see them: three queries. Wants what `covered_entry` wants."""
    wanted = names_behind(entries)
    return {
        one.pk: LocalizedText({tag: covered(text, wanted[one.pk]) for tag, text in one.title.items()})
        for one in entries
    }


def conflicts_declared(juror: Juror) -> QuerySet[Conflict]:
    """What the juror has declared, in their own words."""
    return Conflict.objects.filter(juror=juror).select_related("unit", "entry")


def conflicts_reasons(call: Call) -> QuerySet[Conflict]:
    """What the jury of a call has declared: for who leads it."""
    return Conflict.objects.filter(juror__call=call).select_related("juror__person", "unit", "entry").order_by("id")


def conflicts_of_jury(jurors: Iterable[Juror], entries: Iterable[Entry]) -> set[tuple[int, int]]:
    """Pairs (entry, juror) that must not meet: the juror wrote it, serves in its unit or in one above or below, or has
    declared a conflict with it, its unit or a unit above. Two queries; wants `unit` of the entries fetched."""
    jurors, entries = list(jurors), list(entries)
    people = {juror.person_id for juror in jurors}
    posts: dict[int, list[Unit]] = {}
    for post in Post.objects.filter(person__in=people).select_related("unit"):
        posts.setdefault(post.person_id, []).append(post.unit)
    declared: dict[int, tuple[set[int], set[int]]] = {}
    for one in Conflict.objects.filter(juror__in=[juror.pk for juror in jurors]):
        units, named = declared.setdefault(one.juror_id, (set(), set()))
        (units if one.unit_id else named).add(one.unit_id or one.entry_id or 0)
    found = set()
    for juror in jurors:
        units, named = declared.get(juror.pk, (set(), set()))
        own = posts.get(juror.person_id, [])
        for entry in entries:
            branch = any(entry.unit_id in unit.ancestry or unit.pk in entry.unit.ancestry for unit in own)
            if branch or entry.by_id == juror.person_id or entry.pk in named or units & set(entry.unit.ancestry):
                found.add((entry.pk, juror.pk))
    return found


@dataclass(frozen=True)
class Progress:
    """How far a juror is; scores are not in it."""

    juror: Juror
    sheets: int
    done: int
    stepped_back: int


def progress_of(call: Call) -> list[Progress]:
    """Every juror of the call: one query and one for their conflicts."""
    states = {state: Count("sheets", filter=Q(sheets__state=state)) for state in ("handed-in", "to-read", "recused")}
    rows = jurors_of(call).annotate(**{f"n_{state.replace('-', '_')}": count for state, count in states.items()})
    return [
        Progress(row, row.n_handed_in + row.n_to_read, row.n_handed_in, row.n_recused)  # type: ignore[attr-defined]  # annotations
        for row in rows
    ]


def outcome_of(call: Call) -> Outcome:
    """The scores that count, corrected for severity; entries and jurors by their keys."""
    rows = Sheet.objects.filter(juror__call=call, state=SheetState.HANDED_IN)
    given = rows.order_by("entry__number", "juror_id").values_list("entry_id", "juror_id", "total")
    return corrected([Given(entry, juror, float(total or 0)) for entry, juror, total in given])


def sheets_of_entry(entry: Entry) -> QuerySet[Sheet]:
    """Every reading of an entry with its scores: for who may see them."""
    rows = sheets_of_call(entry.call).filter(entry=entry)
    return rows.prefetch_related("scores__criterion")


def sheets_of_call(call: Call) -> QuerySet[Sheet]:
    """Every reading of a call that was unsealed, with its scores; none before."""
    rows = Sheet.objects.filter(juror__call=call, state=SheetState.HANDED_IN).select_related("juror__person")
    rows = rows.prefetch_related("scores").order_by("juror_id")
    return rows.none() if call.state in BLIND else rows
