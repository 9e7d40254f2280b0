from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.accounts.models import User
from cyberweek.accounts.queries import people_named
from cyberweek.kernel.forms import CodeField, HouseForm, HouseModelForm

from .enums import Level, Role, Sector
from .models import Region, Unit
from .queries import posts_in, regions_within, units_run_by

USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{1,59}$", _("2 to 60 small letters, digits, dots, hyphens and underscores.")
)


class UnitFilter(HouseForm):
    q = forms.CharField(label=_("Find in list"), required=False, max_length=80)
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", _("All levels")), *Level.choices])
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[("", _("All sectors")), *Sector.choices])
    region = forms.ChoiceField(label=_("Region"), required=False)
    unnamed = forms.BooleanField(label=_("Only mine without an accountable person"), required=False)

    def __init__(self, *args: Any, regions: QuerySet[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All regions")), *((region.pk, str(region)) for region in regions)]
        self.fields["q"].widget.attrs |= {"type": "search", "placeholder": _("Name or code")}

    def wanted(self) -> dict[str, Any]:
        """What is asked for; what does not fit is left out."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name)}


class UnitForm(HouseModelForm):
    """A unit's entry. `from_above`: level and region too, which decide what the unit sees."""

    region = CodeField(label=_("Region"), help_text=_("The code or the exact name of a province, city or county."))

    class Meta:
        model = Unit
        fields = ["name", "sector", "level", "region"]
        help_texts = {"name": _("In at least one language.")}

    def __init__(self, *args: Any, from_above: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not from_above:
            del self.fields["level"], self.fields["region"]
            return
        parent = self.instance.parent if self.instance.pk else None
        _let_regions(self.fields["region"], parent)

    def facts(self) -> dict[str, Any]:
        """What the unit shall be: what the form does not ask for is as it was."""
        return {name: self.cleaned_data.get(name, getattr(self.instance, name)) for name in self._meta.fields or ()}


class NewUnitForm(UnitForm):
    parent = CodeField(
        label=_("Unit above"), required=False, help_text=_("The code or the exact name of a unit that you coordinate.")
    )
    code = forms.SlugField(
        label=pgettext_lazy("unit", "Code"),
        max_length=40,
        help_text=_("Small letters, digits and hyphens, like cac-hebei: it stands in addresses and tables, for good."),
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and single hyphens."))],
    )

    class Meta(UnitForm.Meta):
        fields = ["name", "code", "parent", "level", "region", "sector"]

    field_order = ["name", "code", "parent", "level", "region", "sector"]

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, from_above=True, **kwargs)
        self.by = by
        field = self.fields["parent"]
        assert isinstance(field, CodeField)
        field.let(units_run_by(by))
        field.required = not by.is_keeper
        if by.is_keeper:
            field.help_text = _("The code or the exact name of a unit that you coordinate; empty: at the top.")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code == "new" or Unit.objects.filter(code=code).exists():
            raise ValidationError(_("The code “%(code)s” is taken."), params={"code": code})
        return code

    def _post_clean(self) -> None:
        """The action makes the row and the database checks it; nothing is put on the instance here."""


class MoveForm(HouseForm):
    parent = CodeField(
        label=_("New unit above"),
        required=False,
        help_text=_("The code or the exact name of a unit that you coordinate."),
    )

    def __init__(self, *args: Any, by: User, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, CodeField)
        field.let(units_run_by(by), offered=units_run_by(by).exclude(ancestry__contains=[unit.pk]))
        field.required = not by.is_keeper


class AccountableForm(HouseForm):
    person = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Accountable person"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("One of those who serve in the unit."),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, initial={"person": unit.accountable_id}, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(posts__in=posts_in(unit).order_by()).order_by("name")


class RolesForm(HouseForm):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Coordinators do everything and arrange units and posts; reviewers decide on what is sent in; "
            "editors enter and change; viewers only see. All of it in the unit and in those under it."
        ),
    )


class PostForm(RolesForm):
    """A post for someone who has an account, by the user name, or for a new person, by user name and name."""

    username = forms.CharField(
        label=_("User name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=80,
        required=False,
        help_text=_("Only for a new person: an account is made, with a first password that you pass on."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["username", "name", "roles"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person: User | None = None

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"]).lower()
        USERNAME(username)
        return username

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        username, name = given.get("username"), given.get("name")
        if username:
            self.person = people_named(username).first()
            if self.person and name:
                self.add_error(
                    "username", _("This user name is taken. Leave the name empty to give its holder this post.")
                )
            elif not self.person and not name:
                self.add_error("name", _("Nobody has this user name. For a new person, give the name too."))
        return given


class DismissForm(HouseForm):
    reason = forms.CharField(
        label=pgettext_lazy("reason", "Why"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def _let_regions(field: forms.Field, parent: Unit | None) -> None:
    """All regions may be typed, so that the message can say what is wrong; those under the parent's are offered."""
    assert isinstance(field, CodeField)
    offered = Region.objects.filter(level__in=[Level.NATION, Level.PROVINCE])
    if parent:
        offered = regions_within(parent.region_id).filter(ancestry__len__lte=len(parent.region.ancestry) + 2)
    field.let(Region.objects.all(), offered=offered)
