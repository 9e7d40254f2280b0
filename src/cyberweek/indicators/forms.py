"""The forms of reports, of their questions, and of the dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cyberweek.attachments.forms import AttachmentField, KeepsFiles
from cyberweek.kernel.forms import CodeField, HouseForm, HouseModelForm, SharedEditing
from cyberweek.programme.enums import Kind
from cyberweek.regions.models import Region

from .actions import Entered
from .core.grades import grade_of
from .core.hashes import read_hashes
from .core.numbers import NoNumberError, counted_in, read_number
from .core.plausibility import more_people_than_times
from .core.sketches import BadSketchError, check_sketch
from .enums import WRONG_NUMBERS, Count, Way
from .models import Figure, Indicator, Population, Report
from .models.populations import EARLIEST
from .queries import Wanted

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from .models import Question

TABLE_LIMIT: Final = 2 * 1024 * 1024
WRONG_SKETCHES: Final[dict[str, _StrPromise]] = {
    "shape": gettext_lazy(
        "This is neither a sketch nor a list of hashes. A list has 64 hexadecimal signs on each line."
    ),
    "size": gettext_lazy("The sketch has another number of buckets. Make it with lg_k = 12."),
    "few": gettext_lazy("Fewer than ten people are not taken: whom one knows could be looked for among them."),
    "bare": gettext_lazy(
        "Some lines look like names or numbers of people. Hash them first; nothing of this file was kept."
    ),
}


class NumberField(forms.CharField):
    """A figure as people type it on a phone; gives a Decimal, or None where nothing is typed. `count`: its unit of count,
    which may stand behind it; another one there is refused."""

    def __init__(self, *, count: str, **kwargs: Any) -> None:
        self.count, self.whole = Count(count), count != Count.HOURS
        widget = forms.TextInput(
            attrs={
                "inputmode": "numeric" if self.whole else "decimal",
                "autocomplete": "off",
                "placeholder": " ",
                "class": "input input--short",
            }
        )
        super().__init__(required=False, max_length=24, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        number, named = counted_in(text)
        if named and named != self.count:
            told = _("What is counted here is %(wanted)s, and you wrote %(typed)s: one never stands for the other.")
            values = {"wanted": self.count.label, "typed": Count(named).label}
            raise ValidationError(told, params=values, code="unit")
        try:
            return read_number(number, whole=self.whole)
        except NoNumberError as wrong:
            raise ValidationError(WRONG_NUMBERS[wrong.why]) from None


@dataclass(frozen=True)
class Block:
    """What the page shows of one indicator: its fields, and what is asked about it."""

    indicator: Indicator
    value: forms.BoundField
    way: forms.BoundField
    basis: forms.BoundField
    why: forms.BoundField | None
    questions: Sequence[Question]


class ReportForm(KeepsFiles, SharedEditing, HouseForm):
    """A report: for each indicator the number, how it was counted and on what that rests; then words and files.

    Empty numbers are not reported. `questions`: what is asked, by the code of the indicator.
    """

    worked = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("What worked, and what you would do otherwise"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    photos = AttachmentField(required=False, label=gettext_lazy("Photos and documents"))
    photos_for = forms.ChoiceField(required=False, label=gettext_lazy("They show"))

    def __init__(
        self,
        *args: Any,
        report: Report,
        indicators: Sequence[Indicator],
        figures: Sequence[Figure],
        questions: Mapping[str, Sequence[Question]],
        shown: Mapping[str, bool],
        **kwargs: Any,
    ) -> None:
        self.report, self.indicators, self.questions, self.shown = report, indicators, questions, shown
        row = self.row_of(report, figures)
        kwargs["initial"] = row
        super().__init__(*args, **kwargs)
        for one in indicators:
            self._add(one)
        choices = [("", _("the report as a whole")), *((one.code, str(one)) for one in indicators)]
        photos_for = self.fields["photos_for"]
        assert isinstance(photos_for, forms.ChoiceField)
        photos_for.choices = choices
        self.share(revision=report.revision, row=row)

    def row_of(self, report: Report, figures: Iterable[Figure]) -> dict[str, Any]:
        """The report as it stands, under the names of the fields."""
        kept = {figure.indicator_id: figure for figure in figures}
        row: dict[str, Any] = {"worked": report.worked}
        for one in self.indicators:
            figure = kept.get(one.pk)
            row[one.code] = figure.value if figure else None
            row[f"{one.code}-way"] = figure.way if figure else ""
            row[f"{one.code}-basis"] = figure.basis if figure else ""
        return row

    def _add(self, one: Indicator) -> None:
        code = one.code
        ways = [("", _("How was it counted?")), *((way.value, str(way.label)) for way in Way)]
        self.fields[code] = NumberField(count=one.count, label=str(one))
        self.fields[f"{code}-way"] = forms.ChoiceField(
            required=False, choices=ways, label=_("How “%(name)s” was counted") % {"name": one},
            widget=forms.Select(attrs={"class": "select"}),
        )  # fmt: skip
        self.fields[f"{code}-basis"] = forms.CharField(
            required=False, max_length=200, label=_("What “%(name)s” rests on") % {"name": one},
            widget=forms.TextInput(attrs={"class": "input", "placeholder": _("Sign-in sheet no. 3, platform report …")}),
        )  # fmt: skip
        if self.questions.get(code):
            self.fields[f"{code}-why"] = forms.CharField(
                required=False, max_length=500, min_length=4, label=_("It is right, because"),
                widget=forms.Textarea(attrs={"rows": 2, "class": "textarea"}),
            )  # fmt: skip

    def blocks(self) -> list[Block]:
        """The indicators as the page shows them."""
        return [
            Block(
                one, self[one.code], self[f"{one.code}-way"], self[f"{one.code}-basis"],
                self[f"{one.code}-why"] if f"{one.code}-why" in self.fields else None,
                self.questions.get(one.code, []),
            )
            for one in self.indicators
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = {
            one.code: (one.count, float(data[one.code])) for one in self.indicators if data.get(one.code) is not None
        }
        for one in self.indicators:
            if one.code in given and not data.get(f"{one.code}-way"):
                self.add_error(f"{one.code}-way", _("Say how it was counted."))
        for code in more_people_than_times(given):
            told = _("More people than person-times: each of them came at least once. Are the two mixed up?")
            self.add_error(code, told)
        return data

    def entered(self) -> list[Entered]:
        """The figures that are given. Their grade follows from how they were counted and what is shown for it."""
        data = self.cleaned_data
        found = []
        for one in self.indicators:
            value = data.get(one.code)
            if value is None:
                continue
            way, basis = data[f"{one.code}-way"], data[f"{one.code}-basis"]
            brought = bool(data.get("photos")) and data.get("photos_for", "") in {"", one.code}
            shown = bool(basis) or brought or self.shown.get(one.code, False) or self.shown.get("", False)
            found.append(Entered(one, value, way, grade_of(way, shown=shown), basis))
        return found

    def answers(self) -> dict[str, str]:
        """Explanations of what is asked about, by the code of the indicator."""
        return {code: self.cleaned_data.get(f"{code}-why", "") for code in self.questions}


class ReasonForm(HouseForm):
    """Why a report is rejected."""

    reason = forms.CharField(
        max_length=500, min_length=4, strip=True, widget=forms.Textarea(attrs={"rows": 3}), label=gettext_lazy("Reason"),
        help_text=gettext_lazy("What is wrong, and what would show that it is right. The reporting unit reads it."),
    )  # fmt: skip


class SketchForm(HouseForm):
    """A sketch, or a list of hashed identities of which we make one."""

    file = forms.FileField(
        label=gettext_lazy("Sketch or list of hashes"), widget=forms.ClearableFileInput(attrs={"class": "input"})
    )
    basis = forms.CharField(max_length=200, label=gettext_lazy("Where the identities come from"))

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        try:
            if file.size > 20 * 1024 * 1024:
                raise ValidationError(_("The file is larger than 20 MB. Make a sketch of it, which has 4 KB."))
            content = file.read()
            return check_sketch(content if content[2:3] == b"\x07" else read_hashes(content))
        except BadSketchError as wrong:
            raise ValidationError(WRONG_SKETCHES[wrong.why]) from None


class ReportFilter(forms.Form):
    """What the list of reports is narrowed to; what is no value of a filter narrows nothing."""

    q = forms.CharField(required=False, max_length=80, label=gettext_lazy("Find an activity or unit"))
    kind = forms.ChoiceField(required=False, label=gettext_lazy("Kind"))
    whose = forms.ChoiceField(
        required=False, label=gettext_lazy("Whose"),
        choices=[("", gettext_lazy("All units in my scope")), ("own", gettext_lazy("My own unit alone"))],
    )  # fmt: skip
    tab = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", _("All kinds")), ("unit", _("Reports of units")), *Kind.choices]
        self.fields["q"].widget.attrs |= {"class": "input", "type": "search", "placeholder": _("Title, number or unit")}
        for name in ("kind", "whose"):
            self.fields[name].widget.attrs["class"] = "select"
        self.is_valid()

    def wanted(self, default: str) -> Wanted:
        """What is asked for; without a tab `default` is open."""
        data = self.cleaned_data
        tab = data.get("tab") or default
        return Wanted(
            tab if tab in {"due", "asked", "verify", "sent", "all"} else default,
            data.get("q", ""), data.get("kind", ""), data.get("whose", ""),
        )  # fmt: skip

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("q", "kind", "whose"))


class PopulationForm(HouseModelForm):
    """How many people live in one region, by whom it is said."""

    people = NumberField(count=Count.PEOPLE, label=gettext_lazy("People living there"))

    class Meta:
        model = Population
        fields = ("people", "year", "source")
        help_texts = {"source": gettext_lazy("Census or bulletin, and who published it: it stands beside every rate.")}

    def __init__(self, *args: Any, latest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest
        self.fields["people"].required = True

    def clean_people(self) -> int:
        people = self.cleaned_data["people"]
        if people is None:
            raise ValidationError(self.fields["people"].error_messages["required"], code="required")
        return int(people)

    def clean_year(self) -> int:
        return _clean_year(self.cleaned_data["year"], self.latest)


class PopulationTableForm(HouseForm):
    """A table of populations; the year and the source of rows that name none."""

    file = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("CSV or Excel (.xlsx), up to 2 MB and 5,000 rows."),
        widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    year = forms.IntegerField(label=gettext_lazy("Year, where a row names none"), min_value=EARLIEST)
    source = forms.CharField(label=gettext_lazy("Source, where a row names none"), max_length=200)

    def __init__(self, *args: Any, latest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > TABLE_LIMIT:
            raise ValidationError(_("The file is larger than 2 MB. Divide it, or leave out what is not asked for."))
        return file

    def clean_year(self) -> int:
        return _clean_year(self.cleaned_data["year"], self.latest)


def _clean_year(year: int, latest: int) -> int:
    if year > latest:
        raise ValidationError(_("That year is not over yet."))
    return year


class RegionFilter(forms.Form):
    """Of which region the figures are shown."""

    region = CodeField(required=False, label=gettext_lazy("Region"))

    def __init__(self, data: Any, *, readable: QuerySet[Region]) -> None:
        super().__init__(data)
        region = self.fields["region"]
        assert isinstance(region, CodeField)
        region.let(readable, offered=readable.filter(ancestry__len__lte=3))
        region.widget.attrs["class"] = "input"


class IndicatorForm(HouseModelForm):
    """An entry of the dictionary."""

    class Meta:
        model = Indicator
        fields = (
            "code", "name", "definition", "count", "adding", "filler", "least", "most", "most_capacity", "verify_above",
            "is_active", "order",
        )  # fmt: skip
        help_texts = {
            "code": gettext_lazy("The same in every edition, so that years can be compared."),
            "count": gettext_lazy("What one of it is. Only like is added to like."),
            "most_capacity": gettext_lazy("50: fifty times what the place holds is asked about."),
            "verify_above": gettext_lazy("From this figure on it counts only once the level above has verified it."),
        }

    def __init__(self, *args: Any, has_figures: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True
        if has_figures:
            for name in ("count", "adding"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _(
                    "There are figures: this stays as it is. Another meaning is another indicator."
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("adding") == "union" and data.get("count") != Count.PEOPLE:
            self.add_error("adding", _("Only people are counted each once."))
        if data.get("least") is not None and data.get("most") is not None and data["least"] > data["most"]:
            self.add_error("most", _("The most is below the least."))
        for name in ("least", "most", "most_capacity", "verify_above"):
            if data.get(name) is not None and data[name] < 0:
                self.add_error(name, WRONG_NUMBERS["negative"])
        return data
