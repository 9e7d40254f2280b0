"""The audit trail: which acts a person sees, and what they changed, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_duration
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cyberweek.kernel.core.localized import LocalizedText, spoken
from cyberweek.kernel.models import AuditEvent
from cyberweek.kernel.queries import says
from cyberweek.kernel.templatetags.look import listed
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_RECENT: Final = 2000  # events looked through for the verbs and people that the filter offers


def events_visible_to(user: User, scope: Scope) -> QuerySet[AuditEvent]:
    """Acts on what the person's units and those under them own, and the person's own; keepers also those of no unit.

    Narrower than what is seen elsewhere: a neighbour of the same region sees plans, not who did what when.
    """
    below = Unit.objects.filter(ancestry__overlap=list(scope.units)).order_by().values("pk")
    seen = Q(unit__in=below) | Q(actor=user)
    if user.is_keeper:
        seen |= Q(unit=None)
    return AuditEvent.objects.filter(seen).select_related("actor")


@dataclass(frozen=True)
class Asked:
    """What the reader of the trail asks for; what is empty is not asked."""

    person: str = ""
    thing: str = ""
    verb: str = ""
    first: dt.datetime | None = None
    after: dt.datetime | None = None  # exclusive

    def any(self) -> bool:
        return bool(self.person or self.thing or self.verb or self.first or self.after)


def events_matching(events: QuerySet[AuditEvent], asked: Asked) -> QuerySet[AuditEvent]:
    """Of the events those that fit all that is asked, newest first."""
    if asked.person:
        events = events.filter(Q(actor__name__icontains=asked.person) | Q(actor__username=asked.person.lower()))
    if asked.thing:
        events = events.filter(Q(label__icontains=asked.thing) | Q(key=asked.thing) | says(asked.thing, "names"))
    if asked.verb:
        events = events.filter(verb=asked.verb)
    if asked.first:
        events = events.filter(at__gte=asked.first)
    if asked.after:
        events = events.filter(at__lt=asked.after)
    return events.order_by("-id")


def recent_verbs(events: QuerySet[AuditEvent]) -> list[str]:
    """The verbs among the newest events: what the filter offers."""
    return sorted(set(events.order_by("-id").values_list("verb", flat=True)[:_RECENT]))


@dataclass(frozen=True)
class Difference:
    """One field of an event in the words of the active language; None: it was not there on that side."""

    field: str
    before: str | None
    after: str | None


def differences(event: AuditEvent) -> list[Difference]:
    """What an event changed, field by field."""
    before: Mapping[str, Any] = event.before
    after: Mapping[str, Any] = event.after
    names = [*before, *(name for name in after if name not in before and not _is_empty(after[name]))]
    return [
        Difference(
            _field_name(event.noun, name),
            _in_words(event.noun, name, before[name]) if name in before else None,
            _in_words(event.noun, name, after[name]) if name in after else None,
        )
        for name in names
    ]


def _field(noun: str, name: str) -> Any:
    try:
        return apps.get_model(noun)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


_WORDS: Final = {
    "stage": lambda: _("stage"),
    "roles": lambda: _("roles"),
    "person": lambda: _("person"),
    "unit": lambda: _("unit"),
    "organisers": lambda: _("organisers"),
    "theme_days": lambda: _("theme days"),
    "front_page": lambda: _("front page"),
    "rehearsal_shift": lambda: _("moved by"),
    "added": lambda: _("added"),
    "changed": lambda: _("changed"),
    "by": lambda: _("with"),
    "partners": lambda: _("partners"),
    "status": lambda: _("state"),
    "state": lambda: _("state"),
    "version": lambda: _("version"),
    "sha256": lambda: _("fingerprint"),
    "digest": lambda: _("fingerprint"),
    "sent": lambda: _("sent version"),
    "units": lambda: _("units"),
    "tasks": lambda: _("tasks"),
    "arrangements": lambda: _("arrangements"),
    "files": lambda: _("files"),
    "runs": lambda: _("runs"),
    "seed": lambda: _("random seed"),
}


def _field_name(noun: str, name: str) -> str:
    field = _field(noun, name)
    if name in _WORDS:
        return _WORDS[name]()
    return str(getattr(field, "verbose_name", "")) or name.replace("_", " ")


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", {}, [])


def _in_words(noun: str, name: str, value: Any) -> str:  # noqa: PLR0911 -- one for each kind of value
    if _is_empty(value):
        return "–"
    if name == "rehearsal_shift" and (span := parse_duration(str(value))):
        return ngettext("%(n)d day", "%(n)d days", span.days) % {"n": span.days}
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if isinstance(value := spoken(value), LocalizedText):
        return str(value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_in_words(noun, key, one)}" for key, one in value.items())
    if isinstance(value, list):
        return "; ".join(listed(one) if isinstance(one, list) else _in_words(noun, name, one) for one in value)
    field = _field(noun, name)
    choices = dict(getattr(getattr(field, "base_field", field), "flatchoices", None) or ())
    return str(choices.get(value, value))
