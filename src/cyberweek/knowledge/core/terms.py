"""What is wrong with the terms of a contest: its form, groups, teams, stage and draw, alone and with each other."""

import re
from collections.abc import Iterator
from typing import Final

from cyberweek.knowledge.core.contests import MAX_EVER, Earlier, Fault, Rules
from cyberweek.knowledge.core.release import CODE, Draw, Stage

MAX_GROUPS: Final = 2000
MAX_NAME: Final = 40
MAX_PROMOTED: Final = 10_000
MAX_PRIZES: Final = 10_000
MAX_TEAM: Final = 1000


def faults_of_terms(rules: Rules, *, slug: str, earlier: Earlier | None) -> list[Fault]:
    """Everything wrong with them. `slug` is the contest's own; `earlier` is what its stage follows, where that is
    another contest of the edition."""
    return [
        *_faults_of_attempts(rules),
        *_faults_of_groups(rules),
        *_faults_of_draw(rules, rules.draw),
        *_faults_of_stage(rules, rules.stage, slug, earlier),
    ]


def _faults_of_attempts(rules: Rules) -> Iterator[Fault]:
    if rules.form == "until-right" and rules.attempts_per_day == 1:
        yield Fault("attempts_per_day", "nothing-to-redo", {})
    if rules.attempts_in_all is None:
        return
    if not 1 <= rules.attempts_in_all <= MAX_EVER:
        yield Fault("attempts_in_all", "attempts-in-all", {"limit": MAX_EVER})
    elif rules.attempts_in_all < rules.attempts_per_day:
        yield Fault("attempts_in_all", "more-a-day", {"a_day": rules.attempts_per_day})


def _faults_of_groups(rules: Rules) -> Iterator[Fault]:
    if rules.closed and not rules.groups:
        yield Fault("closed", "closed-to-all", {})
    if rules.team_minimum is not None:
        if len(rules.groups) < 2:
            yield Fault("team_minimum", "no-teams", {})
        if not 1 <= rules.team_minimum <= MAX_TEAM:
            yield Fault("team_minimum", "team-minimum", {"limit": MAX_TEAM})
    if len(rules.groups) > MAX_GROUPS:
        yield Fault("groups", "many-groups", {"limit": MAX_GROUPS, "count": len(rules.groups)})
    for group, name in rules.groups.items():
        if not re.fullmatch(CODE, group) or len(group) > MAX_NAME:
            yield Fault("groups", "odd-group", {"group": group, "limit": MAX_NAME})
        elif not all(0 < len(text.strip()) <= MAX_NAME for text in name.values()):
            yield Fault("groups", "group-name", {"group": group, "limit": MAX_NAME})


def _faults_of_draw(rules: Rules, draw: Draw | None) -> Iterator[Fault]:
    if draw is None:
        return
    most = rules.items * rules.points
    if draw.needs == "all-right":
        if rules.form == "endless":
            yield Fault("draw_needs", "never-all-right", {})
    elif not 1 <= draw.needs <= most:
        yield Fault("draw_points", "draw-points", {"limit": most})
    if not 1 <= draw.prizes <= MAX_PRIZES:
        yield Fault("draw_prizes", "draw-prizes", {"limit": MAX_PRIZES})


def _faults_of_stage(rules: Rules, stage: Stage | None, slug: str, earlier: Earlier | None) -> Iterator[Fault]:
    if stage is None:
        if rules.objections_until:
            yield Fault("objections_until", "no-promotion", {})
        return
    yield from _faults_of_places(stage)
    if stage.after == slug:
        yield Fault("stage_after", "follows-itself", {})
    elif earlier is None:
        yield Fault("stage_after", "unknown-stage", {})
    elif slug in earlier.chain:
        yield Fault("stage_after", "stage-cycle", {"chain": " → ".join([*reversed(earlier.chain), slug])})
    elif rules.opens < earlier.closes:
        yield Fault("opens", "stage-early", {})
    elif rules.objections_until and not earlier.closes <= rules.objections_until <= rules.opens:
        yield Fault("objections_until", "objections", {})


def _faults_of_places(stage: Stage) -> Iterator[Fault]:
    quota = stage.per_region
    if quota and not str(quota.level):  # a form may say a number and no level
        yield Fault("stage_level", "quota-without-level", {})
    elif quota and not 1 <= quota.count <= MAX_PROMOTED:
        yield Fault("stage_count", "level-without-quota", {"limit": MAX_PROMOTED})
    if not 0 <= stage.top <= MAX_PROMOTED:
        yield Fault("stage_top", "promoted", {"limit": MAX_PROMOTED})
    elif not stage.top and not quota:
        yield Fault("stage_top", "promotes-nobody", {})
    if not 0 <= stage.reserve <= MAX_PROMOTED:
        yield Fault("stage_reserve", "promoted", {"limit": MAX_PROMOTED})
