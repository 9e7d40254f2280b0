"""The part of a contest's form that says its terms: form, attempts in all, groups, draw, promotion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.forms import HouseForm
from cyberweek.knowledge.core.release import Draw, PerRegion, Stage, Text
from cyberweek.knowledge.enums import ContestFault, Form
from cyberweek.knowledge.models import Contest
from cyberweek.regions.enums import Level

_LEVELS: Final = [(level.value, level.label) for level in Level if level != Level.NATION]


def _count(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(required=False, label=label, help_text=help_text)


class TermsForm(HouseForm):
    """Whether the terms can stand is for `core.terms` to say."""

    form = forms.ChoiceField(choices=Form, widget=forms.RadioSelect, label=pgettext_lazy("contest", "Form"))
    attempts_in_all = _count(_("Attempts in all"), _("Over all days; empty for no such limit."))
    closed = forms.BooleanField(
        required=False,
        label=pgettext_lazy("contest", "Closed"),
        help_text=_("Only those who have the code of a group may play."),
    )
    groups = forms.CharField(
        required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4, "class": "textarea", "spellcheck": "false", "placeholder": " "}),
        label=_("Groups"),
        help_text=_("A line each: short name | name | name in English. A line with only a name gets a short name."),
    )  # fmt: skip
    team_minimum = _count(_("Members that a ranked team needs"), _("Empty: teams are not ranked."))
    draw_every = forms.ChoiceField(
        required=False, choices=[("", _("no draw")), ("day", _("every day")), ("contest", _("once, at the end"))],
        label=_("Prize draw"),
    )  # fmt: skip
    draw_needs = forms.ChoiceField(
        required=False, choices=[("all-right", _("all answers right")), ("points", _("so many points"))],
        label=_("Who enters the draw"),
    )  # fmt: skip
    draw_points = _count(_("Points for the draw"))
    draw_prizes = _count(_("Prizes of a draw"))
    stage_after = forms.ChoiceField(required=False, label=_("Follows the contest"))
    stage_top = _count(_("Promoted by rank"), _("The best of all, beside the places of the regions."))
    stage_level = forms.ChoiceField(
        required=False, choices=[("", _("no places of regions")), *_LEVELS], label=_("Places of the regions")
    )
    stage_count = _count(_("Promoted of each region"))
    stage_reserve = _count(pgettext_lazy("promotion", "Reserve"), _("How many may move up when somebody declines."))

    def offer_stages(self, contests: Mapping[str, str]) -> None:
        """The contests that this one may follow: titles by short name."""
        field = self.fields["stage_after"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("none: it is open to everybody")), *contests.items()]

    def clean_groups(self) -> dict[str, Text]:
        groups: dict[str, Text] = {}
        for number, parts in enumerate(_lines(self.cleaned_data["groups"]), 1):
            code, *names = parts if len(parts) > 1 else (f"g{number}", *parts)
            if code in groups:
                raise ValidationError(ContestFault.say("twice-group", {"group": code}))
            groups[code] = {"zh-Hans": names[0], "en": names[-1] or names[0]}
        return groups

    def terms(self) -> dict[str, Any]:
        """What the form says of the terms, as fields of `Rules`."""
        told = self.cleaned_data
        names = ("form", "attempts_in_all", "closed", "groups", "team_minimum", "objections_until")
        return {name: told[name] for name in names} | {"draw": self._draw(told), "stage": self._stage(told)}

    def _draw(self, told: Mapping[str, Any]) -> Draw | None:
        if not told["draw_every"]:
            return None
        needs = "all-right" if told["draw_needs"] != "points" else told["draw_points"] or 0
        return Draw(told["draw_every"], cast("Any", needs), told["draw_prizes"] or 0)

    def _stage(self, told: Mapping[str, Any]) -> Stage | None:
        if not told["stage_after"]:
            return None
        level, count = told["stage_level"], told["stage_count"]
        quota = PerRegion(level, count or 0) if level or count else None
        return Stage(told["stage_after"], told["stage_top"] or 0, quota, told["stage_reserve"] or 0)


def _lines(text: str) -> Iterator[list[str]]:
    """The parts of each line that has any; a spreadsheet's tabs and full-width bars part them too."""
    for line in text.splitlines():
        parts = [part.strip() for part in line.replace("｜", "|").replace("\t", "|").split("|")]
        if any(parts):
            yield parts[:1] if len(parts) == 1 else parts[:3]


def terms_told(contest: Contest) -> dict[str, Any]:
    """The terms as the form's fields show them."""
    rules = contest.rules()
    lines = [
        " | ".join([code, *([name["zh-Hans"], name["en"]] if name["zh-Hans"] != name["en"] else [name["en"]])])
        for code, name in rules.groups.items()
    ]
    told: dict[str, Any] = {"groups": "\n".join(lines)}
    if draw := rules.draw:
        points = None if draw.needs == "all-right" else draw.needs
        needs = "points" if points else "all-right"
        told |= {"draw_every": draw.every, "draw_needs": needs, "draw_points": points, "draw_prizes": draw.prizes}
    if stage := rules.stage:
        told |= {"stage_after": stage.after, "stage_top": stage.top, "stage_reserve": stage.reserve}
        if stage.per_region:
            told |= {"stage_level": stage.per_region.level, "stage_count": stage.per_region.count}
    return told
