"""The rules of a contest in plain sentences, made from the rules themselves: on the play page and on the desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cyberweek.knowledge.core.contests import Rules
from cyberweek.knowledge.core.release import Draw, Pack, Stage
from cyberweek.regions.enums import Level


def told(rules: Rules | Pack, *, after: str = "") -> str:
    """`after` is the title of the contest that a stage follows."""
    sentences = [*_form(rules), *_who(rules)]
    if rules.stage:
        sentences.append(_stage(rules.stage, after or rules.stage.after))
    if rules.draw:
        sentences.append(_draw(rules.draw))
    return ("" if (get_language() or "").startswith("zh") else " ").join(sentences)


def _form(rules: Rules | Pack) -> Iterator[str]:
    facts = {"n": rules.items, "minutes": rules.minutes, "tries": _tries(rules)}
    if rules.form == "endless":
        yield (
            _(
                "An endless run: one question after the other, the first error ends it; at most %(n)d questions in "
                "%(minutes)d minutes, %(tries)s."
            )
            % facts
        )
        yield _("Your longest run counts; of equal ones, the faster.")
    elif rules.form == "until-right":
        yield (
            _(
                "%(n)d questions in %(minutes)d minutes, the same all day: what is wrong you do again until all is right, "
                "%(tries)s."
            )
            % facts
        )
    else:
        yield _("%(n)d questions drawn by chance in %(minutes)d minutes, %(tries)s.") % facts
        yield _("Your best paper counts; of equal ones, the faster.")


def _tries(rules: Rules | Pack) -> str:
    in_all = rules.attempts_in_all
    a_day = ngettext("%(n)d try a day", "%(n)d tries a day", rules.attempts_per_day) % {"n": rules.attempts_per_day}
    if in_all is None:
        return a_day
    if in_all == 1:
        return _("once")
    whole = _("%(n)d tries in all") % {"n": in_all}
    if in_all == rules.attempts_per_day:
        return whole
    return _("%(a_day)s and %(in_all)s") % {"a_day": a_day, "in_all": whole}


def _who(rules: Rules | Pack) -> Iterator[str]:
    if rules.closed:
        yield _("Closed: only with the code of a group.")
    elif rules.groups:
        yield _("Whoever has the code of a group plays for it.")
    if rules.team_minimum:
        yield ngettext(
            "Teams are ranked by the average of their members’ best papers, from %(n)d member on.",
            "Teams are ranked by the average of their members’ best papers, from %(n)d members on.",
            rules.team_minimum,
        ) % {"n": rules.team_minimum}


def _stage(stage: Stage, after: str) -> str:
    facts = {"after": after, "top": stage.top, "reserve": stage.reserve}
    if stage.per_region is None:
        return _("Only for the first %(top)d of “%(after)s”; %(reserve)d in reserve.") % facts
    facts |= {"count": stage.per_region.count, "level": Level(stage.per_region.level).label}
    if not stage.top:
        return _("Only for the first %(count)d of each %(level)s in “%(after)s”; %(reserve)d in reserve.") % facts
    return (
        _(
            "Only for the first %(count)d of each %(level)s in “%(after)s” and the best %(top)d of all others; %(reserve)d "
            "in reserve."
        )
        % facts
    )


def _draw(draw: Draw) -> str:
    facts = {"n": draw.prizes, "points": draw.needs}
    if draw.every == "day":
        if draw.needs == "all-right":
            return _("Every day %(n)d prizes are drawn among those with all answers right.") % facts
        return _("Every day %(n)d prizes are drawn among those with %(points)d points or more.") % facts
    if draw.needs == "all-right":
        return _("At the end %(n)d prizes are drawn among those with all answers right.") % facts
    return _("At the end %(n)d prizes are drawn among those with %(points)d points or more.") % facts
