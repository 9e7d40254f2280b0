"""The form of a contest: its hours, its terms, its blueprint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import validate_zone
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.forms import CodeField
from cyberweek.kernel.models.localized import LANGUAGE_NAMES, LocalizedFormField
from cyberweek.knowledge.core import contests
from cyberweek.knowledge.core.release import MAX_ITEMS
from cyberweek.knowledge.enums import ContestFault, Form
from cyberweek.knowledge.models import Contest, Topic
from cyberweek.regions.models import Unit

from .terms import TermsForm, terms_told

_ROOM: Final = 4000  # far above every limit: what is too long is said by the rules, in their words


class WallClockField(forms.CharField):
    """A date and a time on clocks that another field names: gives a `datetime` without a zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return dt.datetime.fromisoformat(text).replace(tzinfo=None) if text else None
        except ValueError:
            raise ValidationError(_("A date and a time like 2019-09-16 08:00 are wanted.")) from None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, dt.datetime) else value


class ContestForm(TermsForm):
    """A contest's rules with its blueprint, a field a topic. Whether they can stand is for `core.contests` to say."""

    title = LocalizedFormField(required=False, max_length=_ROOM, part_widget=forms.TextInput, label=_("Title"))
    slug = forms.CharField(
        max_length=50, label=_("Short name"), help_text=_("Stands in addresses and cannot be changed later.")
    )
    owner = CodeField(label=_("Organiser"))
    opens = WallClockField(label=_("Opens"))
    closes = WallClockField(label=_("Closes"))
    zone = forms.CharField(
        max_length=40, validators=[validate_zone], label=_("Time zone"),
        help_text=_("On whose clocks it opens and closes, and when a new day of attempts begins."),
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("Minutes for a paper"))
    attempts_per_day = forms.IntegerField(label=_("Attempts a day"), help_text=_("The best paper counts."))
    points = forms.IntegerField(label=_("Points for an item"))
    grace_seconds = forms.IntegerField(
        label=_("Grace, in seconds"), help_text=_("For answers that a slow network brings late.")
    )
    practice = forms.BooleanField(
        required=False, label=_("Practice first"), help_text=_("A share of the items to try, explained at once.")
    )
    objections_until = WallClockField(
        required=False, label=_("Objections until"), help_text=_("Stands on the public promotion list.")
    )

    def __init__(
        self, data: Any = None, *, topics: Iterable[Topic], owners: QuerySet[Unit], stages: Mapping[str, str],
        contest: Contest | None = None, preset: Mapping[str, Any] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        self.topics = list(topics)
        if contest:
            kwargs["initial"] = _rules_told(contest)
        kwargs["initial"] = {"form": Form.PAPER, **kwargs.get("initial", {}), **(preset or {})}
        super().__init__(data, **kwargs)
        self.offer_stages(stages)
        if contest:
            del self.fields["slug"], self.fields["owner"]
        else:
            owner = self.fields["owner"]
            assert isinstance(owner, CodeField)
            owner.let(owners)
        for topic in self.topics:
            widget = forms.NumberInput(attrs={"class": "input", "min": 0, "max": MAX_ITEMS, "inputmode": "numeric"})
            self.fields[f"quota_{topic.code}"] = forms.IntegerField(
                required=False, min_value=0, max_value=MAX_ITEMS, label=str(topic), widget=widget
            )

    def quotas(self) -> list[tuple[Topic, forms.BoundField]]:
        """The lines of the blueprint, in the order of the topics."""
        return [(topic, self[f"quota_{topic.code}"]) for topic in self.topics]

    def clean_title(self) -> LocalizedText:
        title: LocalizedText = self.cleaned_data["title"]
        for tag, text in title.items():
            if len(text) > 80:
                raise ValidationError(_("Too long %(in_language)s: at most 80 characters."), params={"in_language": LANGUAGE_NAMES[tag]})  # fmt: skip
        missing = [str(name) for tag, name in LANGUAGE_NAMES.items() if not title.get(tag)]
        if missing:
            raise ValidationError(_("There is no title %(in_language)s."), params={"in_language": missing[0]})
        return title

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if "zone" in told:
            for name in ("opens", "closes", "objections_until"):
                if told.get(name):
                    told[name] = self._instant(name, told[name], ZoneInfo(told["zone"]))
        return told

    def _instant(self, name: str, clock: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        moment = clock.replace(tzinfo=zone)
        if moment.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != clock:
            self.add_error(name, _("The clocks there skip this time."))
        return moment

    def rules(self) -> contests.Rules:
        """What the form says, as a value."""
        told = self.cleaned_data
        blueprint = {topic.code: told.get(f"quota_{topic.code}") or 0 for topic in self.topics}
        terms = self.terms()
        return contests.Rules(
            **{name: told[name] for name in contests.Rules._fields if name not in {"blueprint", *terms}},
            **terms,
            blueprint={topic: count for topic, count in blueprint.items() if count},
        )

    def refuse(self, faults: Sequence[contests.Fault]) -> None:
        """Say each fault beside the field that it is about; what is about the whole blueprint stands above all."""
        for fault in faults:
            name = fault.field.replace(":", "_")
            self.add_error(name if name in self.fields else None, ContestFault.say(fault.reason, fault.params))


def _rules_told(contest: Contest) -> dict[str, Any]:
    rules = contest.rules()
    clocks = {"opens": contest.local_opens, "closes": contest.local_closes}
    if contest.objections_until:
        clocks["objections_until"] = contest.objections_until.astimezone(ZoneInfo(contest.zone))
    told = rules._asdict() | clocks | {"title": contest.title} | terms_told(contest)
    return told | {f"quota_{topic}": count for topic, count in rules.blueprint.items()}
