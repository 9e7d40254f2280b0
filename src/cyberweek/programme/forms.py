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
from cyberweek.editions.models import Edition
from cyberweek.kernel.core.localized import LANGUAGES, LocalizedText
from cyberweek.regions.models import Region, Unit

from .core.moderation import Act
from .enums import Format, Kind, Status
from .models import Activity
from .queries import Wanted

UPLOAD_LIMIT: Final = 2 * 1024 * 1024
WHOLE_WEEK: Final = "all"
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
        self.fields["audience"].choices = [(text, text) for text in dict.fromkeys([*audiences, *chosen[:8]])]  # type: ignore[attr-defined] -- a choice field

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


class DeskFilter(forms.Form):
    """What an organiser asks of the desk's list."""

    SORTS: Final = {"changed": "changed", "title": "title", "starts": "starts", "capacity": "capacity"}

    q = forms.CharField(required=False, max_length=80, label=_("Find in list"))
    state = forms.ChoiceField(required=False, choices=[("", ""), *Status.choices])
    day = forms.ChoiceField(required=False, label=_("Theme day"))
    unit = forms.ChoiceField(
        required=False,
        label=_("Unit"),
        choices=[("", _("All that I see")), ("own", _("My units and below")), ("waiting", _("Mine to decide"))],
    )
    kind = forms.ChoiceField(required=False, choices=[("", _("All kinds")), *Kind.choices], label=_("Kind"))
    problems = forms.BooleanField(required=False, label=_("Only with problems"))
    sort = forms.CharField(required=False, max_length=20)

    def __init__(self, data: Any, *, edition: Edition) -> None:
        super().__init__(data)
        days = [(str(day.number), str(day.name)) for day in edition.theme_days.all()]
        self.fields["day"].choices = [("", _("All days")), *days]  # type: ignore[attr-defined] -- a choice field
        for name in ("q", "day", "unit", "kind"):
            widget = self.fields[name].widget
            widget.attrs["class"] = "input" if name == "q" else "select"
        self.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "class": "input", "placeholder": _("Title, unit, number")}
        )

    def clean_sort(self) -> str:
        sort: str = self.cleaned_data["sort"] or "-changed"
        return sort if sort.lstrip("-") in self.SORTS else "-changed"


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


class ActivityForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no parameter at run time
    """What an organiser enters of an activity. `units` are those for which this person may enter things."""

    co = forms.ModelMultipleChoiceField(Unit.objects.none(), required=False, label=_("Co-organisers"))
    undertakers = forms.ModelMultipleChoiceField(Unit.objects.none(), required=False, label=_("Undertakers"))
    region = forms.CharField(
        max_length=12,
        label=_("Region"),
        help_text=_("The code of the province, city or county, for example 120103. The list helps to find it."),
    )
    starts = LocalMoment(label=_("Starts"))
    ends = LocalMoment(label=_("Ends"))

    class Meta:
        model = Activity
        fields = [
            "title", "summary", "kind", "theme_day", "lead", "starts", "ends", "zone", "format", "region", "venue",
            "address", "audience", "capacity", "contact_name", "contact",
        ]  # fmt: skip
        help_texts = {
            "title": _("In at least one language. The public sees the other one where its own is missing."),
            "contact_name": _("Shown at the desk only, never to the public."),
            "capacity": _("How many people can take part; empty: no limit, or not known."),
        }

    def __init__(
        self, *args: Any, edition: Edition, units: QuerySet[Unit], partners: QuerySet[Unit], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.edition = edition
        chosen: dict[str, QuerySet[Unit]] = {"lead": units, "co": partners, "undertakers": partners}
        for name, rows in chosen.items():
            self.fields[name].queryset = rows.order_by("code")  # type: ignore[attr-defined] -- a model choice field
        self.fields["theme_day"].queryset = edition.theme_days.all()  # type: ignore[attr-defined] -- the same
        self.fields["theme_day"].empty_label = _("None")  # type: ignore[attr-defined] -- the same
        self.fields["region"].widget.attrs["list"] = "regions"
        if self.instance.pk:
            self.initial["starts"] = self.instance.local_starts.replace(tzinfo=None)
            self.initial["ends"] = self.instance.local_ends.replace(tzinfo=None)
            self.initial["region"] = self.instance.region_id
            for role, name in ((OrganiserRole.CO, "co"), (OrganiserRole.UNDERTAKER, "undertakers")):
                self.initial[name] = [one.unit_id for one in self.instance.partners.all() if one.role == role]
        else:
            self.initial.setdefault("zone", edition.zone)
        for bound in self.visible_fields():
            kind = bound.field.widget
            if isinstance(kind, forms.SelectMultiple | forms.Select):
                kind.attrs["class"] = "select"
            elif not isinstance(kind, forms.MultiWidget):
                kind.attrs["class"] = "input"

    def clean_region(self) -> Region:
        code = self.cleaned_data["region"].strip()
        found = Region.objects.filter(pk=code).first()
        if found is None:
            raise ValidationError(_("There is no region with the code “%(code)s”."), params={"code": code})
        if self.edition.scope_id not in found.ancestry:
            raise ValidationError(
                _("%(region)s is not within %(scope)s, where this edition is held."),
                params={"region": found, "scope": self.edition.scope},
            )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        zone = data.get("zone")
        if zone and "zone" not in self.errors:
            for name in ("starts", "ends"):
                if data.get(name):
                    data[name] = data[name].replace(tzinfo=ZoneInfo(zone))
            if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
                self.add_error("ends", _("It must end after it starts."))
        lead = data.get("lead")
        for name in ("co", "undertakers"):
            if lead and lead in (data.get(name) or []):
                self.add_error(name, _("The lead organiser cannot take part a second time."))
        return data

    def _post_clean(self) -> None:
        # Moments get their zone in `clean`; until then the model's own checks would see naive ones.
        if "zone" in self.errors:
            return
        super()._post_clean()

    def partners(self) -> list[tuple[Unit, str]]:
        """Who takes part beside the lead, with the part they take."""
        return [
            *((unit, OrganiserRole.CO) for unit in self.cleaned_data["co"]),
            *((unit, OrganiserRole.UNDERTAKER) for unit in self.cleaned_data["undertakers"]),
        ]


class ReasonForm(forms.Form):
    """The message with which something is sent back or cancelled."""

    reason = forms.CharField(
        max_length=500, strip=True, widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}), label=_("Reason")
    )

    def text(self) -> LocalizedText:
        """The reason, marked with the language in which it was written."""
        active = (get_language() or "en").lower()
        tag = next((tag for tag in LANGUAGES if tag.lower() == active), "en")
        return LocalizedText({tag: self.cleaned_data["reason"]})


class UploadForm(forms.Form):
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
        self.fields["code"].choices = [(code, code) for code in data.getlist("code")]  # type: ignore[attr-defined] -- a choice field
