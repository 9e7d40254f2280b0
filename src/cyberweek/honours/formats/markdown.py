"""A published case as Markdown: for who wants to do the same."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from cyberweek.honours.models import Entry

_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")
_LINE_START = re.compile(r"(?m)^(\s*)([-+=>]|\d+[.)])(?=\s)")


def case_text(case: Entry, *, address: str) -> str:
    """The case in the active language. What people wrote stays text: none of it is taken for a mark of Markdown."""
    parts = [f"# {plain(str(case.title))}", _facts(case)]
    named = [
        (_("The problem"), case.problem),
        (_("What was done"), case.practice),
        (_("What came of it"), case.result),
        (_("What others can reuse"), case.reuse),
    ]
    parts += [f"## {heading}\n\n{plain(str(text))}" for heading, text in named if text]
    if figures := list(case.figures.all()):
        lines = [
            f"- {plain(str(one.label))}: {one.value.normalize():,f} {one.get_counted_display()}" for one in figures
        ]
        parts.append("## {}\n\n{}".format(_("Figures, as the unit states them"), "\n".join(lines)))
    plan = [
        _("- [ ] Which of our own problems is this? Who notices it, and how often?"),
        _("- [ ] What has to be different here: people, places, dates?"),
        _("- [ ] Who answers for it, from when to when?"),
        _("- [ ] By which figure shall we know that it worked? What is it today?"),
    ]
    parts.append("## {}\n\n{}".format(_("To adopt it"), "\n".join(plan)))
    credit = _("Name as source: %(unit)s, %(title)s, %(address)s") % {
        "unit": plain(str(case.unit)), "title": plain(str(case.title)), "address": address,
    }  # fmt: skip
    parts.append(f"{plain(case.get_licence_display())}\n\n{credit}")
    return "\n\n".join(parts) + "\n"


def _facts(case: Entry) -> str:
    award = getattr(case, "award", None)
    facts = [
        str(case.unit),
        str(case.unit.region),
        str(case.call.edition.year),
        case.get_kind_display(),
        case.get_theme_display(),
        award.get_level_display() if award else "",
    ]
    return " · ".join(plain(fact) for fact in facts if fact)


def plain(text: str) -> str:
    """The text with Markdown's marks made harmless."""
    return _LINE_START.sub(r"\1\\\2", _MARKS.sub(r"\\\1", text.replace("\r\n", "\n")))
