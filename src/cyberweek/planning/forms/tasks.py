"""Forms of one task: what it says, how far it is, what it waits for, its parts, comments and evidence."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.accounts.models import User
from cyberweek.attachments.forms import AttachmentField, KeepsFiles
from cyberweek.editions.models import Edition
from cyberweek.kernel.forms import CodeField, HouseForm, HouseModelForm, SharedEditing, dress
from cyberweek.planning.enums import TaskState
from cyberweek.planning.models import Task
from cyberweek.regions.enums import Level, Sector
from cyberweek.regions.models import Unit

FAR: Final = dt.timedelta(days=760)  # from the opening: nobody means such a date
_REPORTED: Final = (TaskState.TODO, TaskState.DOING, TaskState.BLOCKED, TaskState.DONE)
_DAY: Final = "%Y-%m-%d"


def _day_input() -> forms.DateInput:
    return forms.DateInput(format=_DAY, attrs={"type": "date", "class": "input"})


def check_dates(form: forms.BaseForm, edition: Edition) -> None:
    """Due after it begins, and both within sense."""
    begins, due = form.cleaned_data.get("begins"), form.cleaned_data.get("due")
    for name, day in (("begins", begins), ("due", due)):
        if day and abs(day - edition.starts) > FAR:
            told = _("This lies more than two years from the opening on %(day)s.")
            form.add_error(name, ValidationError(told, params={"day": edition.starts}))
    if begins and due and due < begins:
        form.add_error("due", _("It is due before it begins."))


class TaskForm(SharedEditing, HouseModelForm):
    """A task of the unit's own, or what the unit changes in one that came to it."""

    class Meta:
        model = Task
        fields = (
            "title", "what", "deliverables", "begins", "due", "theme_day", "accountable", "is_milestone",
            "needs_evidence", "weight", "follows_parts",
        )  # fmt: skip
        widgets = {"begins": _day_input(), "due": _day_input()}

    def __init__(
        self, *args: Any, edition: Edition, people: QuerySet[User], units: QuerySet[Unit] | None = None,
        has_parts: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.edition = edition
        _rows(self, "theme_day", edition.theme_days.all(), _("no theme day"))
        _rows(self, "accountable", people, _("nobody yet"))
        self.fields["accountable"].help_text = _("Somebody with a post in the unit or above it. They are told.")
        self.fields["weight"].help_text = _("How much it counts beside the other parts: 2 counts twice.")
        if not self.instance.parent_id:
            del self.fields["weight"]
        if not has_parts:
            del self.fields["follows_parts"]
        if units is not None:
            told = _("The code or the exact name of one of your units.")
            self.fields["unit"] = CodeField(units, label=_("Unit"), help_text=told, initial=units.first())
            self.order_fields(["unit"])
            dress(self)
        else:
            names = [name for name in self.Meta.fields if name in self.fields]
            self.share(revision=self.instance.revision, row=row_of(self.instance, names))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        check_dates(self, self.edition)
        return found

    def _post_clean(self) -> None:
        """The row is written by an action, from `cleaned_data`: the instance stays as it was read."""

    def entered(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}


def row_of(task: Task, names: list[str]) -> dict[str, Any]:
    """The named values of a task as its form has them."""
    return {name: getattr(task, name) for name in names}


class ReportForm(SharedEditing, HouseForm):
    """How far it is."""

    state = forms.ChoiceField(
        choices=[(state.value, state.label) for state in _REPORTED], label=_("State"), widget=forms.RadioSelect
    )
    progress = forms.IntegerField(min_value=0, max_value=100, label=_("Progress in %"))
    blocker = forms.CharField(
        required=False,
        max_length=500,
        label=_("What blocks it"),
        help_text=_("And who could help: the unit above reads it."),
    )
    text = forms.CharField(
        required=False, max_length=2000, label=_("What was done in it"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, task: Task, wanted: str = "", **kwargs: Any) -> None:
        """`wanted`: the state that the person is about to report, chosen for them."""
        row = row_of(task, ["state", "progress", "blocker"])
        super().__init__(data, initial=row | ({"state": wanted} if wanted in _REPORTED else {}), **kwargs)
        if task.follows_parts:
            field = self.fields["progress"]
            field.disabled = True
            field.help_text = _("The mean of its parts, by weight.")
        self.share(revision=task.revision, row=row)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("state") == TaskState.BLOCKED and not found.get("blocker"):
            self.add_error("blocker", _("Say what blocks it, so that somebody can help."))
        return found


class CommentForm(HouseForm):
    text = forms.CharField(max_length=2000, label=_("Comment"), widget=forms.Textarea(attrs={"rows": 2}))


class EvidenceForm(KeepsFiles, HouseForm):
    files = AttachmentField(label=pgettext_lazy("task", "Evidence"))  # type: ignore[assignment]  # a form's own `files` is not used after it is bound


class DependencyForm(HouseForm):
    """What it waits for: one of the tasks in sight, by its number."""

    after = forms.IntegerField(min_value=1, label=_("Waits for task number"))

    def __init__(self, data: Any = None, *, tasks: QuerySet[Task], near: list[Task] = [], **kwargs: Any) -> None:  # noqa: B006 -- only read
        super().__init__(data, **kwargs)
        self.tasks = tasks
        self.near = near
        self.fields["after"].widget = forms.TextInput(
            attrs={"class": "input", "list": "near-tasks", "inputmode": "numeric", "autocomplete": "off"}
        )

    def clean_after(self) -> Task:
        found = self.tasks.filter(pk=self.cleaned_data["after"]).first()
        if not found:
            raise ValidationError(_("You see no task with this number in this edition."))
        return found


class DropForm(HouseForm):
    because = forms.CharField(
        max_length=500, label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The unit reads it. Its open parts are dropped with it."),
    )  # fmt: skip


class BreakDownForm(HouseModelForm):
    """What the parts say, and the units that they fall to: by level and sector, and named one by one."""

    OFFERED: Final = 120

    levels = forms.MultipleChoiceField(
        required=False, choices=Level.choices, widget=forms.CheckboxSelectMultiple, label=_("All units below of level")
    )
    sectors = forms.MultipleChoiceField(
        required=False, choices=Sector.choices, widget=forms.CheckboxSelectMultiple, label=_("… and of sector"),
        help_text=_("Without a sector: of any."),
    )  # fmt: skip
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label=_("Units right below"),
        to_field_name="code",
    )  # fmt: skip
    named = forms.CharField(
        required=False, max_length=4000, label=_("Other units below, by code"), help_text=_("Codes with spaces between them."),
    )  # fmt: skip
    follows = forms.BooleanField(
        required=False, label=_("The progress of this task follows its parts"),
        help_text=_("It is then the mean of theirs, by weight."),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Task
        fields = ("title", "what", "deliverables", "begins", "due", "is_milestone", "needs_evidence", "weight")
        widgets = {"begins": _day_input(), "due": _day_input()}

    def __init__(self, data: Any = None, *, task: Task, below: QuerySet[Unit], **kwargs: Any) -> None:
        first = row_of(task, [name for name in self.Meta.fields if name not in {"weight", "is_milestone"}])
        super().__init__(data, initial=first | {"weight": 1, "follows": True, "revision": task.revision}, **kwargs)
        self.task, self.below = task, below
        units = self.fields["units"]
        assert isinstance(units, forms.ModelMultipleChoiceField)
        direct = below.filter(parent=task.unit_id)
        units.queryset = direct
        self.too_many = direct.count() > self.OFFERED
        if self.too_many:
            del self.fields["units"]
        levels = set(below.order_by().values_list("level", flat=True).distinct())
        _offer(self, "levels", [choice for choice in Level.choices if choice[0] in levels])
        sectors = set(below.order_by().values_list("sector", flat=True).distinct())
        _offer(self, "sectors", [choice for choice in Sector.choices if choice[0] in sectors])
        self.fields["weight"].help_text = _("How much it counts beside the other parts: 2 counts twice.")

    def clean_named(self) -> list[Unit]:
        codes = self.cleaned_data["named"].replace(",", " ").replace("，", " ").replace("、", " ").split()
        found = list(self.below.filter(code__in=codes))
        if wrong := sorted(set(codes) - {unit.code for unit in found}):
            raise ValidationError(_("No unit below has the code %(codes)s."), params={"codes": ", ".join(wrong[:5])})
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        check_dates(self, self.task.edition)
        if found.get("begins") and found["begins"] < self.task.begins:
            self.add_error(
                "begins",
                ValidationError(_("The task itself begins only on %(day)s."), params={"day": self.task.begins}),
            )
        if found.get("due") and found["due"] > self.task.due:
            self.add_error(
                "due", ValidationError(_("The task itself is due on %(day)s."), params={"day": self.task.due})
            )
        if not self.errors and not self.addressed():
            self.add_error("levels", _("It falls to nobody. Tick a level, or name units."))
        return found

    def addressed(self) -> list[Unit]:
        """The units that it falls to, once each."""
        found = self.cleaned_data
        units = {unit.pk: unit for unit in [*found.get("units", []), *found.get("named", [])]}
        if found.get("levels") or found.get("sectors"):
            rows = self.below
            if found.get("levels"):
                rows = rows.filter(level__in=found["levels"])
            if found.get("sectors"):
                rows = rows.filter(sector__in=found["sectors"])
            units |= {unit.pk: unit for unit in rows}
        return [units[pk] for pk in sorted(units, key=lambda pk: units[pk].code)]

    def entered(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def _post_clean(self) -> None:
        """The parts are made by an action."""


class ManyForm(forms.Form):
    """What is done with the ticked tasks of a list."""

    act = forms.ChoiceField(
        choices=[("remind", ""), ("assign", ""), ("shift", ""), ("drop", "")],
        error_messages={"required": _("Press the button of what is to be done.")},
    )  # fmt: skip
    task = forms.TypedMultipleChoiceField(coerce=int)
    person = forms.ModelChoiceField(User.objects.none(), required=False)
    days = forms.IntegerField(required=False, min_value=-366, max_value=366)
    because = forms.CharField(required=False, max_length=500)

    MOST: Final = 200

    def __init__(self, data: Any, *, people: QuerySet[User]) -> None:
        super().__init__(data)
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = people
        keys = [key for key in data.getlist("task")[: self.MOST] if key.isascii() and key.isdigit() and len(key) < 18]
        _offer(self, "task", [(key, key) for key in keys])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        act = found.get("act")
        if act == "assign" and not found.get("person"):
            raise ValidationError(_("Choose who is to be accountable."))
        if act == "shift" and not found.get("days"):
            raise ValidationError(_("Say by how many days, such as 3 or -2."))
        if act == "drop" and not found.get("because"):
            raise ValidationError(_("Say why they are dropped; the units read it."))
        return found


def _rows(form: forms.BaseForm, name: str, rows: Any, empty: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    field.empty_label = empty


def _offer(form: forms.BaseForm, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = choices
