"""Forms of the programme: what visitors ask for, what organisers enter, the message of a step, a table to import."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.enums import OrganiserRole
from cyberweek.editions.models import Edition, validate_zone
from cyberweek.kernel.core.localized import LANGUAGES, LocalizedText
from cyberweek.kernel.forms import CodeField, HouseForm, HouseModelForm
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import regions_within, units_named

from .core.moderation import Act
from .enums import Format, Kind, Status
from .models import Activity
from .queries import Asked, Wanted

UPLOAD_LIMIT: Final = 2 * 1024 * 1024
WHOLE_WEEK: Final = "all"
_AROUND: Final = dt.timedelta(days=366)
_CLOCK: Final = "%Y-%m-%dT%H:%M"


class ProgrammeFilter(forms.Form):
    """What a visitor asks of the programme. What does not fit is told beside its field and left out."""

    q = forms.CharField(required=False, max_length=80, label=_("Find an activity"))
    region = forms.CharField(required=False, max_length=12, label=_("Where"))
    kind = forms.ChoiceField(required=False, choices=[("", _("All kinds")), *Kind.choices], label=_("What"))
    audience = forms.TypedMultipleChoiceField(required=False, label=_("For whom"))
    format = forms.MultipleChoiceField(
        required=False, choices=[(Format.ON_SITE, _("On site")), (Format.ONLINE, _("Online"))], label=_("How")
    )
    day = forms.CharField(required=False, max_length=10)
    view = forms.ChoiceField(required=False, choices=[("list", ""), ("week", ""), ("map", "")])

    def __init__(self, data: Any, *, days: dict[str, dt.date], audiences: list[str]) -> None:
        super().__init__(data)
        self.days = days
        chosen = data.getlist("audience") if data else []
        _offer(self, "audience", [(text, text) for text in dict.fromkeys([*audiences, *chosen[:8]])])

    def clean_region(self) -> str:
        code: str = self.cleaned_data["region"]
        if code and not Region.objects.filter(pk=code).exists():
            raise ValidationError(_("There is no region with the code “%(code)s”."), params={"code": code})
        return code

    def clean_day(self) -> str:
        day: str = self.cleaned_data["day"]
        if day and day != WHOLE_WEEK and day not in self.days:
            raise ValidationError(_("This Week has no day “%(day)s”."), params={"day": day})
        return day

    def wanted(self, default_day: str) -> tuple[Wanted, str]:
        """What is asked, and the day that is open: a theme day's number, or the whole Week."""
        self.is_valid()
        asked = self.cleaned_data
        day = asked.get("day") or default_day
        return Wanted(
            region=asked.get("region", ""),
            day=self.days.get(day),
            kind=asked.get("kind", ""),
            formats=tuple(asked.get("format", [])),
            audiences=tuple(asked.get("audience", [])),
            q=asked.get("q", ""),
        ), day


class DeskFilter(HouseForm):
    """What an organiser asks of the desk's list."""

    q = forms.CharField(required=False, max_length=80, label=_("Find in list"))
    day = forms.TypedChoiceField(required=False, label=_("Theme day"), coerce=int, empty_value=None)
    unit = forms.ChoiceField(
        required=False,
        label=_("Unit"),
        choices=[("", _("All that I see")), ("own", _("My units and below")), ("waiting", _("Mine to decide"))],
    )
    kind = forms.ChoiceField(required=False, choices=[("", _("All kinds")), *Kind.choices], label=_("Kind"))
    problems = forms.BooleanField(required=False, label=_("Only with problems"))
    state = forms.ChoiceField(required=False, choices=[("", ""), *Status.choices], widget=forms.HiddenInput)
    region = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)  # who comes from a figure of it
    sort = forms.ChoiceField(
        required=False,
        choices=[(sign + name, "") for name in ("changed", "title", "starts", "capacity") for sign in ("", "-")],
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any, *, edition: Edition) -> None:
        super().__init__(data)
        days = [(str(day.number), str(day.name)) for day in edition.theme_days.all()]
        _offer(self, "day", [("", _("All days")), *days])
        self.fields["q"].widget.attrs |= {"type": "search", "placeholder": _("Title, unit, number")}

    def asked(self) -> Asked:
        """What is asked; what does not fit is left out."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return Asked(**given)

    def narrows(self) -> bool:
        """True when something is asked that the tabs do not show."""
        return any(self.cleaned_data.get(name) for name in ("q", "day", "unit", "kind", "region", "problems"))


class LocalMoment(forms.DateTimeField):
    """A moment on the clocks of a zone that the form knows; gives it without a zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format=_CLOCK, attrs={"type": "datetime-local", "class": "input"})
        super().__init__(input_formats=[_CLOCK, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], widget=widget, **kwargs)

    def to_python(self, value: Any) -> dt.datetime | None:
        with timezone.override(None):
            found = super().to_python(value)
        return found.replace(tzinfo=None) if found else None

    def prepare_value(self, value: Any) -> Any:
        return value


class UnitsField(forms.CharField):
    """Units by their codes, one a line: works for thousands of units, and pastes from a table."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(unit.code for unit in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        codes = list(dict.fromkeys(super().clean(value).replace(",", " ").replace("，", " ").split()))
        found = {unit.code: unit for unit in units_named(codes)}
        if unknown := [code for code in codes if code not in found]:
            raise ValidationError(_("No unit has the code %(codes)s."), params={"codes": ", ".join(unknown)})
        return [found[code] for code in codes]


class ActivityForm(HouseModelForm):
    """What an organiser enters of an activity. `units` are those for which this person may enter things."""

    lead = CodeField(label=_("Lead organiser"), help_text=_("The code or the exact name of one of your units."))
    region = CodeField(label=_("Region"), help_text=_("The code or the exact name of the province, city or county."))
    starts = LocalMoment(label=_("Starts"))
    ends = LocalMoment(label=_("Ends"))
    co = UnitsField(label=_("Co-organisers"), help_text=_("Codes of units, one a line, in the order of protocol."))
    undertakers = UnitsField(label=_("Undertakers"), help_text=_("Codes of units, one a line."))

    class Meta:
        model = Activity
        fields = [
            "title", "summary", "kind", "format", "theme_day", "starts", "ends", "zone", "lead", "co", "undertakers",
            "region", "venue", "address", "audience", "capacity", "contact_name", "contact",
        ]  # fmt: skip
        help_texts = {
            "title": _("In at least one language. The public sees the other one where its own is missing."),
            "contact_name": _("Shown at the desk only, never to the public."),
            "capacity": _("How many people can take part; empty: no limit, or not known."),
        }

    field_order = Meta.fields

    def __init__(self, *args: Any, edition: Edition, units: QuerySet[Unit], **kwargs: Any) -> None:
        instance = kwargs["instance"]
        kwargs["initial"] = _as_entered(instance) if instance.pk else {"zone": edition.zone}
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.fields["capacity"].widget.attrs["class"] = "input input--short"
        lead, region, day = self.fields["lead"], self.fields["region"], self.fields["theme_day"]
        assert isinstance(lead, CodeField)
        assert isinstance(region, CodeField)
        assert isinstance(day, forms.ModelChoiceField)
        lead.let(units | Unit.objects.filter(pk=instance.lead_id) if instance.pk else units, offered=units)
        within = regions_within(edition.scope_id)
        region.let(within, offered=within.filter(ancestry__len__lte=len(edition.scope.ancestry) + 2))
        day.queryset = edition.theme_days.all()
        day.empty_label = str(_("None"))

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        validate_zone(zone)
        return zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        zone = ZoneInfo(data.get("zone") or self.edition.zone)
        for name in ("starts", "ends"):
            if moment := data.get(name):
                if abs(moment.date() - self.edition.starts) > _AROUND:
                    self.add_error(name, _("That is more than a year away from the Week."))
                else:
                    data[name] = moment.replace(tzinfo=zone)
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", _("It must end after it starts."))
        for name in ("co", "undertakers"):
            if data.get("lead") in (data.get(name) or []):
                self.add_error(name, _("The lead organiser cannot take part a second time."))
        return data

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, as the page shows them."""
        named = [
            (_("What"), ("title", "summary", "kind", "theme_day", "audience", "capacity")),
            (_("When"), ("starts", "ends", "zone")),
            (_("Where"), ("format", "region", "venue", "address")),
            (_("Who"), ("lead", "co", "undertakers", "contact_name", "contact")),
        ]
        return [(str(name), [self[field] for field in fields]) for name, fields in named]

    def partners(self) -> list[tuple[Unit, str]]:
        """Who takes part beside the lead, with the part they take."""
        return [
            *((unit, OrganiserRole.CO) for unit in self.cleaned_data["co"]),
            *((unit, OrganiserRole.UNDERTAKER) for unit in self.cleaned_data["undertakers"]),
        ]


def _as_entered(activity: Activity) -> dict[str, Any]:
    """What of an activity the form's own fields show: moments on its own clocks, partners by their part."""
    partners = list(activity.partners.all())
    return {
        "starts": activity.local_starts.replace(tzinfo=None),
        "ends": activity.local_ends.replace(tzinfo=None),
        "lead": activity.lead.code,
        "region": activity.region_id,
        "co": [one.unit for one in partners if one.role == OrganiserRole.CO],
        "undertakers": [one.unit for one in partners if one.role == OrganiserRole.UNDERTAKER],
    }


class ReasonForm(HouseForm):
    """The message with which something is sent back or cancelled."""

    reason = forms.CharField(max_length=500, strip=True, widget=forms.Textarea(attrs={"rows": 3}), label=_("Reason"))

    def text(self) -> LocalizedText:
        """The reason, marked with the language in which it was written."""
        active = (get_language() or "en").lower()
        tag = next((tag for tag in LANGUAGES if tag.lower() == active), "en")
        return LocalizedText({tag: self.cleaned_data["reason"]})


class UploadForm(HouseForm):
    """A table of activities."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_("CSV or Excel (.xlsx), up to 2 MB and 5,000 rows."),
        widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_LIMIT:
            raise ValidationError(_("The file is larger than 2 MB. Divide it, or leave out what is not asked for."))
        return file


class ChosenForm(forms.Form):
    """The activities ticked in the list, and what is to be done with them."""

    code = forms.TypedMultipleChoiceField()
    act = forms.ChoiceField(choices=[(act.value, act.value) for act in (Act.APPROVE, Act.PUBLISH)])

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        _offer(self, "code", [(code, code) for code in data.getlist("code")])


def _offer(form: forms.BaseForm, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
