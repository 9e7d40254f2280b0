from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.forms import CodeField, HouseForm, HouseModelForm
from cyberweek.kernel.models.localized import LocalizedFormField
from cyberweek.regions.enums import Level
from cyberweek.regions.models import Region, Unit

from .actions import DayEntry
from .core.zones import zones
from .enums import OrganiserRole, Stage
from .models import Edition, ThemeDay

RESERVED = frozenset(  # addresses of the desk, and of the public pages beside editions
    [
        "about",
        "arena",
        "audit",
        "desk",
        "editions",
        "f",
        "find",
        "healthz",
        "language",
        "me",
        "new",
        "readyz",
        "receive",
        "sign-in",
        "sign-out",
        "static",
        "unit",
        "units",
        "wall",
    ]
)


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class EditionForm(HouseModelForm):
    """What an edition is. While it is rehearsed its dates stand still."""

    host = CodeField(label=_("Host"), help_text=_("The code or the exact name of a province or city."))

    class Meta:
        model = Edition
        fields = ["title", "theme", "year", "starts", "ends", "zone", "host", "venue"]
        widgets = {"starts": day_input(), "ends": day_input()}
        help_texts = {
            "ends": _("Moved as a whole, its theme days move along; activities keep their times."),
            "zone": _("A name of the tz database, like Asia/Shanghai."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host = self.fields["host"]
        assert isinstance(host, CodeField)
        host.let(Region.objects.all(), offered=Region.objects.filter(level__in=[Level.PROVINCE, Level.CITY]))
        if "zone" in self.fields:
            self.fields["zone"].widget.attrs |= {"autocomplete": "off"}
        if self.instance.pk and self.instance.rehearsal_shift:
            del self.fields["starts"], self.fields["ends"]

    def clean_zone(self) -> str:
        zone = str(self.cleaned_data["zone"])
        if zone not in zones():
            raise ValidationError(
                _("“%(zone)s” is no time zone; one like Asia/Shanghai is wanted."), params={"zone": zone}
            )
        return zone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("It ends before it starts."))
        elif starts and ends and ends - starts > dt.timedelta(days=30):
            self.add_error("ends", _("A Week has at most 31 days."))
        return given

    def _post_clean(self) -> None:
        """The action changes the row; the instance keeps what the page shows beside the form."""


class NewEditionForm(EditionForm):
    slug = forms.SlugField(
        label=_("Short name in addresses"),
        max_length=40,
        help_text=_("Like 2026-national. It stands in every address, for good."),
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and single hyphens."))],
    )
    scope = CodeField(label=_("Where it is held"), help_text=_("The nation, or the province for its own part."))
    owner = CodeField(label=_("Lead organiser"), help_text=_("Its coordinators run the edition."))

    class Meta(EditionForm.Meta):
        fields = ["title", "slug", "theme", "year", "starts", "ends", "zone", "scope", "host", "owner", "venue"]

    field_order = ["title", "slug", "theme", "year", "starts", "ends", "zone", "scope", "host", "owner", "venue"]

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope, owner = self.fields["scope"], self.fields["owner"]
        assert isinstance(scope, CodeField)
        assert isinstance(owner, CodeField)
        scope.let(Region.objects.all(), offered=Region.objects.filter(level__in=[Level.NATION, Level.PROVINCE]))
        owner.let(units)

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug in RESERVED or Edition.objects.filter(slug=slug).exists():
            raise ValidationError(_("“%(slug)s” is taken."), params={"slug": slug})
        return slug


class StageForm(HouseForm):
    stage = forms.ChoiceField(choices=Stage.choices)
    reason = forms.CharField(label=pgettext_lazy("reason", "Why"), required=False, max_length=500)


class RehearsalForm(HouseForm):
    day = forms.IntegerField(
        label=_("Today shall be day"),
        help_text=_("1 is the first day of the Week."),
        widget=forms.NumberInput(attrs={"class": "input input--short"}),
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = (edition.ends - edition.starts).days + 1
        field = self.fields["day"]
        field.widget.attrs |= {"min": 1, "max": last}
        field.validators = [
            *field.validators,
            RegexValidator(rf"^({'|'.join(str(n) for n in range(1, last + 1))})$", _("A day of the Week, from 1 on.")),
        ]


class ThemeDayForm(HouseForm):
    """A row of the theme days; `key` is the day that it changes, empty for a new one."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    number = forms.IntegerField(label=_("Place and colour"), min_value=1, max_value=31)
    date = forms.DateField(label=_("Date"), widget=day_input())
    name = LocalizedFormField(label=_("Name"), max_length=60, part_widget=forms.TextInput)
    lead = CodeField(label=_("Lead department"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = self.fields["lead"]
        assert isinstance(lead, CodeField)
        lead.let(units, offered=units.none())
        lead.help_text = str(self.initial.get("lead") or "")
        self.fields["number"].widget.attrs["class"] = "input input--short"

    def entry(self) -> DayEntry:
        given = self.cleaned_data
        return DayEntry(given["number"], given["date"], LocalizedText(given["name"]), given["lead"])


class OrganiserForm(HouseForm):
    """A row of the organisers."""

    order = forms.IntegerField(label=_("Order"), min_value=1, max_value=999)
    unit = CodeField(label=_("Unit"))
    role = forms.ChoiceField(label=_("Part"), choices=OrganiserRole.choices, initial=OrganiserRole.CO)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, CodeField)
        unit.let(units, offered=units.none())
        unit.help_text = str(self.initial.get("unit") or "")
        self.fields["order"].widget.attrs["class"] = "input input--short"


ThemeDayRows = forms.formset_factory(
    ThemeDayForm, extra=1, can_delete=True, can_delete_extra=False, max_num=31, validate_max=True
)
OrganiserRows = forms.formset_factory(
    OrganiserForm, extra=2, can_delete=True, can_delete_extra=False, max_num=200, validate_max=True
)


def theme_day_rows(data: Any, days: list[ThemeDay], units: QuerySet[Unit]) -> Any:
    """The rows of the theme days, and one empty row."""
    initial = [
        {"key": day.pk, "number": day.number, "date": day.date, "name": day.name, "lead": day.lead} for day in days
    ]
    return ThemeDayRows(data, initial=initial, form_kwargs={"units": units}, prefix="days")
