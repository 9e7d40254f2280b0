"""What else a nation has before its Week: risks, meetings, contingency plans, duty, incidents, cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np

from cyberweek.editions.models import Edition
from cyberweek.honours.enums import EntryState, Theme
from cyberweek.honours.enums import State as CallState
from cyberweek.honours.models import Call, Criterion, Entry
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.readiness.enums import BOTTOM_LINES, DutyRole, IncidentAct, MeetingState, RiskAct, RiskLevel, RiskState
from cyberweek.readiness.models import (
    AgendaItem,
    Contingency,
    Incident,
    IncidentLine,
    Measure,
    Meeting,
    Risk,
    RiskEvent,
    Shift,
    UnitReport,
)
from cyberweek.regions.enums import Level, Provenance
from cyberweek.regions.models import Unit

_RISKS: Final = (
    ("场地临时变更", "The venue changes at the last moment"), ("大屏被篡改", "A public screen shows what it should not"),
    ("台风或暴雨", "Typhoon or heavy rain"), ("人员拥挤", "Too many people in one place"),
    ("报名系统瘫痪", "The sign-up system fails"), ("经费拨付延迟", "The money comes late"),
)  # fmt: skip
_DANGERS: Final = {
    "network": ("活动系统网络安全预案", "Our systems are attacked"), "crowd": ("人员聚集预案", "Crowds"),
    "weather": ("恶劣天气预案", "Bad weather"), "epidemic": ("疫情防控预案", "Epidemic"),
}  # fmt: skip
_MEETING: Final = ("筹备工作推进会", "Preparatory meeting")
_SHARE_WITH_RISKS: Final = 0.5


def _both(zh: str, en: str) -> LocalizedText:
    return LocalizedText({"zh-Hans": zh, "en": en})


def load_risks(*, edition: Edition, units: Sequence[Unit], now: dt.datetime, seed: int) -> int:
    """A risk in every other unit, some with a measure; gives how many."""
    draw = np.random.default_rng([seed, 8])
    risks, owners = [], []
    for unit in units:
        if draw.random() > _SHARE_WITH_RISKS:
            continue
        kind, likelihood, impact = int(draw.integers(len(_RISKS))), int(draw.integers(1, 6)), int(draw.integers(1, 6))
        left = max(1, likelihood - 1), impact
        risks.append(
            Risk(
                edition=edition, unit=unit, holder=unit, title=_both(*_RISKS[kind]), likelihood=likelihood, impact=impact,
                level=_level(likelihood, impact), likelihood_left=left[0], impact_left=left[1], left=_level(*left),
                owner_id=unit.accountable_id, state=RiskState.WATCHED if draw.random() < 0.3 else RiskState.OPEN,
                review=edition.starts - dt.timedelta(days=int(draw.integers(1, 9))), provenance=Provenance.ILLUSTRATIVE,
            )
        )  # fmt: skip
        owners.append(unit)
    Risk.objects.bulk_create(risks, batch_size=1000)
    RiskEvent.objects.bulk_create(
        (RiskEvent(risk=risk, act=RiskAct.RAISED, at=now, by_id=unit.accountable_id) for risk, unit in zip(risks, owners, strict=True)),
        batch_size=1000,
    )  # fmt: skip
    Measure.objects.bulk_create(
        (
            Measure(risk=risk, unit=unit, what=_both("逐项检查整改", "Check and mend"), due=edition.starts - dt.timedelta(days=2))
            for risk, unit in zip(risks, owners, strict=True)
        ),
        batch_size=1000,
    )  # fmt: skip
    return len(risks)


def _level(likelihood: int, impact: int) -> str:
    product = likelihood * impact
    if product >= 15:
        return RiskLevel.EXTREME
    return RiskLevel.HIGH if product >= 8 else RiskLevel.MEDIUM if product >= 4 else RiskLevel.LOW


def load_meetings(*, edition: Edition, units: Sequence[Unit], now: dt.datetime) -> int:
    """The nation and every province have called a meeting, to which the units right under them report; gives how many."""
    under: dict[int, list[Unit]] = {}
    for unit in units:
        if unit.parent_id:
            under.setdefault(unit.parent_id, []).append(unit)
    callers = [unit for unit in units if unit.level in {Level.NATION, Level.PROVINCE} and unit.pk in under]
    starts = dt.datetime.combine(edition.starts - dt.timedelta(days=5), dt.time(9, 30), edition.tz)
    meetings = Meeting.objects.bulk_create(
        Meeting(
            edition=edition, unit=unit, title=_both(*_MEETING), starts=starts + dt.timedelta(hours=n % 3),
            place=_both("视频会议", "By video"), region_id=unit.region_id, reports_due=starts - dt.timedelta(days=1),
            state=MeetingState.CALLED, provenance=Provenance.ILLUSTRATIVE,
        )
        for n, unit in enumerate(callers)
    )  # fmt: skip
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, number=number, title=_both(zh, en), kind=kind)
        for meeting in meetings
        for number, zh, en, kind in (
            (1, "各单位汇报筹备情况", "Units report", "reports"),
            (2, "研究需要协调的事项", "What has to be settled", "decision"),
        )
    )
    UnitReport.objects.bulk_create(
        (
            UnitReport(
                meeting=meeting, unit=unit, done="方案已印发。 The plan is out." if n % 3 else "", doing="正在落实场地。" if n % 3 else "",
                sent=now - dt.timedelta(hours=n % 40) if n % 3 else None, by_id=unit.accountable_id,
            )
            for meeting, caller in zip(meetings, callers, strict=True)
            for n, unit in enumerate(under[caller.pk])
        ),
        batch_size=1000,
    )  # fmt: skip
    return len(meetings)


def load_safety(*, edition: Edition, units: Sequence[Unit], now: dt.datetime, seed: int) -> int:
    """Contingency plans of the offices down to cities, shifts of the Week, some small incidents; gives how many rows."""
    draw = np.random.default_rng([seed, 9])
    holders = [unit for unit in units if unit.level != Level.COUNTY and unit.sector == "government"]
    plans = Contingency.objects.bulk_create(
        (
            Contingency(
                edition=edition, unit=unit, danger=danger, title=_both(*_DANGERS[danger]),
                trigger=_both("出现险情时启动。", "As soon as there is danger."), authority="值班负责人 duty lead",
                reviewed=edition.starts - dt.timedelta(days=20), provenance=Provenance.ILLUSTRATIVE,
            )
            for unit in holders
            for danger in BOTTOM_LINES
            if draw.random() < 0.9
        ),
        batch_size=1000,
    )  # fmt: skip
    opens = dt.datetime.combine(edition.starts, dt.time(8), edition.tz)
    shifts = Shift.objects.bulk_create(
        (
            Shift(
                edition=edition, unit=unit, role=DutyRole.OFFICER, person_id=unit.accountable_id,
                starts=opens + dt.timedelta(days=day), ends=opens + dt.timedelta(days=day, hours=12),
                provenance=Provenance.ILLUSTRATIVE,
            )
            for unit in holders
            for day in range(7)
        ),
        batch_size=1000,
    )  # fmt: skip
    incidents = Incident.objects.bulk_create(
        Incident(
            edition=edition, unit=unit, kind="crowd", severity=1, place=str(unit.region.name.get("zh-Hans", "")),
            what="入口短时拥挤，已疏导。 A crowd at the entrance, led away.", at=now - dt.timedelta(hours=int(draw.integers(1, 400))),
            zone=edition.zone, entered=now, by_id=unit.accountable_id, provenance=Provenance.ILLUSTRATIVE,
        )
        for unit in holders[::8]
    )  # fmt: skip
    IncidentLine.objects.bulk_create(
        IncidentLine(incident=one, act=IncidentAct.ENTERED, at=one.at, by_id=one.by_id, severity=1) for one in incidents
    )
    return len(plans) + len(shifts) + len(incidents)


def load_cases(*, edition: Edition, units: Sequence[Unit], now: dt.datetime, seed: int) -> int:
    """A call of the nation that takes entries, and those that units have sent in or begun; gives how many."""
    draw = np.random.default_rng([seed, 10])
    call = Call.objects.create(
        edition=edition, owner=edition.owner, title=_both("典型案例征集", "Call for typical cases"),
        asked=_both("可复制、可推广的做法。", "What others can do too."), opens=now - dt.timedelta(days=20),
        closes=now + dt.timedelta(days=60), scoring_until=now + dt.timedelta(days=80), state=CallState.OPEN,
        provenance=Provenance.ILLUSTRATIVE,
    )  # fmt: skip
    Criterion.objects.bulk_create(
        Criterion(call=call, number=n, name=_both(zh, en), weight=1)
        for n, (zh, en) in enumerate((("成效", "What came of it"), ("可推广", "Others can do it")), start=1)
    )
    entries = Entry.objects.bulk_create(
        (
            Entry(
                call=call, unit=unit, title=_both("网络安全进社区", "Safe online, next door"), theme=list(Theme)[n % len(Theme)],
                problem=_both("老年人被骗多。", "Older people are cheated."), practice=_both("一对一讲解。", "Explained one by one."),
                result=_both("受骗减少。", "Fewer are."), reuse=_both("材料可直接用。", "The material can be used."),
                consent=n % 3 > 0, state=EntryState.SUBMITTED if n % 3 else EntryState.DRAFT,
                submitted_at=now if n % 3 else None, by_id=unit.accountable_id, provenance=Provenance.ILLUSTRATIVE,
            )
            for n, unit in enumerate(units)
            if draw.random() < 0.15
        ),
        batch_size=500,
    )  # fmt: skip
    return len(entries)
