"""Meetings, risks, plans, incidents and duty for the demo: made up, and marked so."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.readiness.enums import Danger, DutyRole, ItemKind, Severity
from cyberweek.readiness.models import Contingency, Incident, Meeting, Risk, Shift
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit

from .contingencies import record_drill, write_contingency
from .duty import add_shift, set_hours
from .incidents import add_line, close_incident, enter_incident, tick_step
from .meetings import beginning_of, call_meeting, plan_meeting, write_agenda, write_report
from .minutes import add_decision, write_minutes
from .risks import add_measure, pass_up, raise_risk

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_DAY: Final = dt.timedelta(days=1)
_NAMES: Final = ("周岚 Zhou Lan", "吴凡 Wu Fan", "郑颖 Zheng Ying", "马腾 Ma Teng")

Line = tuple[str, str, int, int, int | None, int | None, str, str]
_RISKS: Final[tuple[Line, ...]] = (
    ("竞赛平台遭受拒绝服务攻击", "The contest platform comes under a denial-of-service attack", 4, 5, 2, 4,
     "开幕日流量集中，历年均有攻击", "Traffic peaks on the opening day; there was an attack every year"),
    ("开幕式现场人流超过核定容量", "More people come to the opening than the hall may hold", 3, 5, 2, 4,
     "网上预约与现场到达不一致", "Bookings and arrivals differ"),
    ("台风影响室外主题日活动", "A typhoon hits outdoor activities of a theme day", 3, 4, 3, 2,
     "九月为台风季", "September is the season of typhoons"),
    ("宣传物料未能按时审核", "Publicity material is not approved in time", 3, 3, 2, 3,
     "多部门会签", "Several departments countersign"),
    ("讲师临时不能到场", "A speaker cannot come at the last moment", 2, 2, None, None, "行程冲突", "Clash of dates"),
)  # fmt: skip
_STEPS: Final = {
    Danger.NETWORK: [("切换到静态公告页", "值守工程师", 5), ("报告带班领导和属地网信部门", "值班员", 10), ("启用流量清洗", "值守工程师", 15), ("保存日志", "值守工程师", 30)],
    Danger.CROWD: [("停止入场", "现场负责人", 2), ("打开侧门疏导", "安保组", 5), ("广播引导", "播音员", 5), ("报告公安机关", "值班员", 5)],
    Danger.WEATHER: [("暂停室外活动", "现场负责人", 15), ("人员转移至室内", "志愿者组", 30), ("发布改期公告", "宣传组", 60)],
}  # fmt: skip
_TITLES: Final = {
    Danger.NETWORK: ("活动系统网络安全应急预案", "Plan for the security of our own systems", "系统无法访问，或发现入侵、篡改。", "A system cannot be reached, or was broken into."),
    Danger.CROWD: ("人群聚集应急预案", "Plan for crowds", "现场人数达到核定容量的九成。", "The hall is nine tenths full."),
    Danger.WEATHER: ("恶劣天气应急预案", "Plan for bad weather", "气象部门发布橙色及以上预警。", "An orange warning or more."),
}  # fmt: skip


def _both(zh: str, en: str) -> LocalizedText:
    return LocalizedText({"zh-Hans": zh, "en": en})


@transaction.atomic
def open_sample_readiness(*, edition: Edition, by: User | None, now: dt.datetime) -> bool:
    """Give an edition a meeting that was held and one that is called, risks, plans, drills, a roster and incidents, all
    illustrative. False where it has some already."""
    if Meeting.objects.filter(edition=edition).exists() or Risk.objects.filter(edition=edition).exists():
        return False
    owner = edition.owner
    units = list(Unit.objects.filter(parent=owner).order_by("code")[:8]) or [owner]
    _risks(edition, owner, units, by=by, now=now)
    plans = _plans(edition, owner, by=by, now=now)
    _meetings(edition, owner, by=by, now=now)
    _roster(edition, owner, by=by)
    _incidents(edition, owner, units, plans, by=by, now=now)
    return True


def _risks(edition: Edition, owner: Unit, units: list[Unit], *, by: User | None, now: dt.datetime) -> None:
    today = now.astimezone(edition.tz).date()
    for n, (zh, en, likely, impact, likely_left, impact_left, why_zh, why_en) in enumerate(_RISKS):
        unit = owner if n < 2 else units[n % len(units)]
        fields: dict[str, Any] = {
            "title": _both(zh, en), "cause": _both(why_zh, why_en), "effect": LocalizedText(), "likelihood": likely,
            "impact": impact, "likelihood_left": likely_left, "impact_left": impact_left, "owner": unit.accountable,
            "review": today + (n - 1) * _DAY,
        }  # fmt: skip
        risk = raise_risk(edition=edition, unit=unit, fields=fields, by=by, now=now)
        Risk.objects.filter(pk=risk.pk).update(provenance=Provenance.ILLUSTRATIVE)
        if likely_left:
            what = _both("演练一次并整改", "Drill it once and mend what is found")
            add_measure(risk=risk, what=what, unit=unit, due=today + 2 * _DAY, as_task=False, by=by, now=now)
        if n == 2 and unit.parent_id:
            pass_up(risk=risk, text="需统一改期 Needs one new date for all", by=by, now=now)


def _plans(edition: Edition, owner: Unit, *, by: User | None, now: dt.datetime) -> dict[str, Contingency]:
    found = {}
    for danger, (zh, en, when_zh, when_en) in _TITLES.items():
        fields = {
            "danger": danger, "other": "", "title": _both(zh, en), "trigger": _both(when_zh, when_en),
            "authority": "带班领导", "reviewed": (now - 40 * _DAY).date(),
        }  # fmt: skip
        plan = write_contingency(
            edition=edition, unit=owner, fields=fields, steps=_STEPS[danger],
            contacts=[("值班室 Duty room", "总值班", "010-0000 0001"), ("消防 Fire brigade", "", "119")], activities=[],
            by=by, now=now,
        )  # fmt: skip
        Contingency.objects.filter(pk=plan.pk).update(provenance=Provenance.ILLUSTRATIVE)
        found[str(danger)] = plan
    record_drill(
        plan=found[Danger.NETWORK], held=now - 20 * _DAY, who="值守工程师、值班员", minutes=42,
        found="切换公告页用了9分钟，超出时限4分钟：域名解析缓存未清。", by=by, now=now,
    )  # fmt: skip
    return found


def _meetings(edition: Edition, owner: Unit, *, by: User | None, now: dt.datetime) -> None:
    past = _meeting(edition, owner, "准备工作推进会", "Meeting on the preparatory work", now - 9 * _DAY, by=by)
    call_meeting(meeting=past, by=by)
    for report in past.reports.select_related("unit", "meeting__edition").order_by("unit__code")[:20]:
        texts = beginning_of(report, now=now)
        write_report(report=report, texts=texts, revision=1, send=True, by=by, now=now - 10 * _DAY)
    past.refresh_from_db()
    item = past.items.order_by("number").first()
    said = {item.pk: "各单位汇报了准备工作进展。会议要求紧盯滞后事项。"} if item else {}
    write_minutes(meeting=past, said=said, presence={}, chair="林悦", writer="周岚", revision=past.revision, by=by)
    past.refresh_from_db()
    unit = Unit.objects.filter(parent=owner).order_by("code").first() or owner
    add_decision(
        meeting=past, what=_both("核定现场容量并报备", "Settle how many the hall may hold, and register it"), unit=unit,
        due=(now + 3 * _DAY).date(), accountable=None, item=item, by=by,
    )  # fmt: skip
    coming = _meeting(edition, owner, "开幕前调度会", "Last meeting before the opening", now + 2 * _DAY, by=by)
    coming.refresh_from_db()
    items = [
        (ItemKind.REPORTS.value, _both("听取各单位准备工作汇报", "Reports of the units"), LocalizedText()),
        (ItemKind.DECISION.value, _both("室外活动改期方案", "A second date for outdoor activities"),
         _both("是否统一启用备选日期", "Whether all take the second date")),
    ]  # fmt: skip
    write_agenda(meeting=coming, items=items, revision=coming.revision, by=by)
    call_meeting(meeting=coming, by=by)


def _meeting(edition: Edition, owner: Unit, zh: str, en: str, starts: dt.datetime, *, by: User | None) -> Meeting:
    starts = starts.astimezone(edition.tz).replace(hour=9, minute=0, second=0, microsecond=0)
    fields = {
        "title": _both(zh, en), "starts": starts, "place": _both("三楼会议室", "Meeting room, third floor"),
        "region": owner.region, "branch": None, "reports_due": starts - _DAY,
    }  # fmt: skip
    made = plan_meeting(edition=edition, unit=owner, fields=fields, by=by)
    Meeting.objects.filter(pk=made.pk).update(provenance=Provenance.ILLUSTRATIVE)
    return made


def _roster(edition: Edition, owner: Unit, *, by: User | None) -> None:
    """Twelve hours each, round the clock; one night is forgotten, so that the page has something to say."""
    set_hours(edition=edition, unit=owner, hours={DutyRole.OFFICER: (dt.time(8), dt.time(8))}, by=by)
    first = dt.datetime.combine(edition.starts, dt.time(8), edition.tz)
    for n in range(2 * ((edition.ends - edition.starts).days + 1)):
        if n == 9:
            continue
        fields = {
            "role": DutyRole.OFFICER, "person": None, "name": _NAMES[n % 4], "phone": f"138-0000-00{n:02d}",
            "starts": first + n * _DAY / 2, "ends": first + (n + 1) * _DAY / 2,
        }  # fmt: skip
        shift = add_shift(edition=edition, unit=owner, fields=fields, by=by)
        Shift.objects.filter(pk=shift.pk).update(provenance=Provenance.ILLUSTRATIVE)


def _incidents(
    edition: Edition,
    owner: Unit,
    units: list[Unit],
    plans: dict[str, Contingency],
    *,
    by: User | None,
    now: dt.datetime,
) -> None:
    rows = (
        (units[0], Danger.WEATHER, Severity.NOTABLE, "滨海广场 Seaside square", "阵雨，室外展位暂停约一小时。", 26),
        (owner, Danger.NETWORK, Severity.SEVERE, "竞赛平台 Contest platform", "竞赛页面响应变慢，疑似流量攻击。", 3),
    )
    for unit, kind, severity, place, what, hours in rows:
        at = now - dt.timedelta(hours=hours)
        incident = enter_incident(
            edition=edition, unit=unit, kind=kind, severity=severity, place=place, what=what, at=at, by=by, now=at
        )
        Incident.objects.filter(pk=incident.pk).update(provenance=Provenance.ILLUSTRATIVE)
        if severity == Severity.NOTABLE:
            closed = at + dt.timedelta(hours=1)
            close_incident(incident=incident, outcome="雨停后恢复，无人受伤。", by=by, now=closed)
        else:
            step = plans[Danger.NETWORK].steps.order_by("number").first()
            assert step is not None, "a plan with steps"
            tick_step(incident=incident, step=step, by=by, now=at + dt.timedelta(minutes=4))
            later = at + dt.timedelta(minutes=20)
            add_line(incident=incident, text="清洗已启用，响应恢复正常，继续观察。", severity=None, by=by, now=later)
