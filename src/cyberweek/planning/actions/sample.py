"""The unified plan of the sample edition, and how far its units are."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.planning.enums import EventKind, TaskState
from cyberweek.planning.models import Plan, Task, TaskEvent
from cyberweek.planning.queries.plans import units_addressed

from .issuing import begin_issue, run_issue
from .plans import add_arrangement, create_plan

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

TITLE: Final = LocalizedText({"zh-Hans": "2019年国家网络安全宣传周统一方案", "en": "Unified plan of the Week of 2019"})
PREFACE: Final = LocalizedText(
    {
        "zh-Hans": "示例。按照中央统一部署，各地区各部门上下联动、横向协调，组织好网络安全宣传周。主题日期和十部门为公开记录，各项安排的内容和期限为示例。",
        "en": "Illustrative. Levels and departments prepare the Week together, up and down and side by side. Dates, theme days and "
        "the ten departments are on record; what each arrangement asks, and by when, is made up.",
    }
)


class _Row(NamedTuple):
    """An arrangement: title, what, deliverables (each zh, en), days, levels, sectors, what it waits for, theme day, marks."""

    code: str
    title: tuple[str, str]
    what: tuple[str, str]
    hands_in: tuple[str, str]
    begins: int
    due: int
    levels: tuple[str, ...]
    after: tuple[str, ...] = ()
    day: int = 0
    sectors: tuple[str, ...] = ()
    milestone: bool = False
    evidence: bool = False


_ALL: Final = ("nation", "province", "city", "county")
_BELOW: Final = ("province", "city", "county")

ROWS: Final = (
    _Row("P01", ("印发统一方案", "Issue the unified plan"),
         ("汇总各部门意见，报批后印发各地区各部门。", "Gather what the departments say, have it approved, send it to all."),
         ("统一方案", "The unified plan"), -75, -60, ("nation",), milestone=True, evidence=True),
    _Row("P02", ("制定实施方案", "Make the implementation plan"),
         ("结合实际制定本地区、本部门实施方案，明确活动、分工和经费。", "Say for your own place and department what is held, by whom and with what money."),
         ("实施方案\n经费预算", "Implementation plan\nBudget"), -59, -32, _BELOW, ("P01",), evidence=True),
    _Row("P03", ("明确责任人", "Name who is accountable"),
         ("主要负责同志亲自部署、亲自过问、亲自协调，确定一名联络员。", "The head of the unit answers for the Week, and one person is named to be reached at any time."),
         ("责任人和联络员名单", "Who answers, who is reached"), -59, -27, _ALL, ("P01",)),
    _Row("P04", ("确定启动仪式方案", "Settle the opening ceremony"),
         ("确定时间、场地、议程和出席人员，完成活动报批。", "Settle time, place, agenda and guests, and get the permits."),
         ("议程\n场地批复", "Agenda\nPermit of the venue"), -40, -10, ("nation", "province"), ("P02",), 1),
    _Row("P05", ("登记主题日活动", "Register activities of the theme days"),
         ("每个主题日至少登记一项活动，注明场地和责任人。", "At least one activity for every theme day, with its venue and who is responsible."),
         ("活动登记表", "Activities in the programme"), -40, -7, _BELOW, ("P02",)),
    _Row("P06", ("校园日：上好开学第一课", "Campus Day: a first lesson of term"),
         ("组织大中小学开展网络安全第一课、班会和知识竞赛。", "Schools hold a lesson, a class hour and the knowledge contest."),
         ("授课安排\n参与学校名单", "Timetable of lessons\nSchools that take part"), -30, -6, _ALL, ("P05",), 2, ("education",)),
    _Row("P07", ("电信日：公益短信和营业厅宣传", "Telecom Day: text messages and shop windows"),
         ("组织基础电信企业发送公益短信，营业厅张贴统一海报。", "Operators send the public text message and put the poster into their shops."),
         ("发送方案", "How it is sent"), -20, -4, _ALL, ("P09",), 3, ("telecom",)),
    _Row("P08", ("金融日：防诈骗进网点", "Finance Day: fraud explained at the counter"),
         ("银行网点集中开展防范电信网络诈骗宣传。", "Branches explain how fraud by phone and network works."),
         ("网点名单", "Branches that take part"), -20, -4, _ALL, ("P09",), 5, ("finance",)),
    _Row("P09", ("发放统一宣传素材", "Hand out the common material"),
         ("分发主题标识、海报、短片和宣传口径，注明授权范围。", "Mark, posters, films and wording, with the rights that go with them."),
         ("素材包", "The pack of material"), -45, -25, ("nation",), ("P01",), evidence=True),
    _Row("P10", ("落实屏幕展播", "Get the screens ready"),
         ("落实公共场所电子屏展播计划，逐屏核查密码和播控安全。", "Say which public screens show what and when; check passwords and control of every one."),
         ("屏幕清单\n安全检查表", "List of screens\nChecklist"), -24, -3, _BELOW, ("P09",), evidence=True),
    _Row("P11", ("知识竞赛动员", "Call to the knowledge contest"),
         ("面向机关、学校、企业和社区发布竞赛通知，公布参与方式。", "Tell offices, schools, companies and neighbourhoods how to take part."),
         ("通知", "The call"), -25, -3, _BELOW, ("P02",)),
    _Row("P12", ("媒体宣传计划", "Plan of the media"),
         ("安排专题专栏、公益广告和现场报道。", "Special pages, public-service advertisements, reports from the spot."),
         ("刊播计划", "What appears when"), -30, -5, ("nation", "province", "city"), ("P09",), 0, ("media", "government")),
    _Row("P13", ("应急预案", "Incident plan"),
         ("覆盖活动系统网络安全、人员聚集、天气和疫情，明确值班和联系方式。", "Network security of the Week's own systems, crowds, weather and health; who is on duty and how to reach them."),
         ("应急预案\n值班表", "Incident plan\nDuty roster"), -30, -6, ("nation", "province", "city"), ("P02",), evidence=True),
    _Row("P14", ("开展安全检查", "Security check"),
         ("检查网站、报名系统、展区和大屏，整改到位后方可上线。", "Sites, sign-up, exhibition and walls are checked; nothing goes live before it is mended."),
         ("检查记录", "Record of the check"), -12, -2, ("nation", "province", "city"), ("P13",), evidence=True),
    _Row("P15", ("报送筹备情况", "Report on the preparations"),
         ("在筹备工作推进会前报送筹备进展、困难和需要协调的事项。", "Before the meeting: how far it is, what is hard, what has to be decided."),
         ("筹备情况报告", "Report on the preparations"), -10, -5, ("province", "city"), ("P04", "P05", "P13")),
    _Row("P16", ("召开筹备推进会", "Hold the preparatory meeting"),
         ("听取各地区各部门筹备情况，研究解决问题。", "Hear every place and department, decide what is open."),
         ("会议纪要", "Minutes"), -5, -5, ("nation",), ("P15",), milestone=True),
    _Row("P17", ("开幕", "Opening"),
         ("举办启动仪式，统一发布主题和活动安排。", "The ceremony; theme and programme are announced."),
         ("现场情况", "What happened"), 0, 0, ("nation", "province"), ("P04", "P14"), 1, (), True),
    _Row("P18", ("推荐典型案例", "Put forward typical cases"),
         ("总结推荐典型案例和创新做法，附佐证材料。", "Cases and new practices that others can use, with evidence."),
         ("案例材料", "The case"), 8, 40, ("province", "city"), ("P17",), evidence=True),
    _Row("P19", ("报送总结", "Send in the summary"),
         ("十一月底前报送书面总结，数据注明统计口径和依据。", "By the end of November, in writing; every figure says how it was counted."),
         ("总结报告\n数据表", "Summary\nFigures"), 7, 75, _BELOW, ("P17",), milestone=True, evidence=True),
)  # fmt: skip

_BLOCKERS: Final = ("场地尚未批复 / the venue is not approved yet", "等待会签 / waits for a co-signature")


def open_sample_plan(*, edition: Edition, by: User | None, now: dt.datetime) -> Plan:
    """The unified plan of a sample edition, issued to its units, with tasks in states that follow from their dates.

    Done before, it is given back as it is. What each unit did is drawn from its code, so that it is always the same.
    """
    if found := Plan.objects.filter(edition=edition, unit=edition.owner, issued_at__isnull=False).first():
        return found
    with transaction.atomic():
        plan = create_plan(edition=edition, unit=edition.owner, title=TITLE, preface=PREFACE, by=by)
        days = {day.number: day for day in edition.theme_days.all()}
        made = {one.code: one for one in plan.arrangements.all()}
        for row in sorted(ROWS, key=lambda row: row.code != "P09"):  # P07 and P08 wait for P09
            reach = units_addressed(edition.owner, levels=row.levels, sectors=row.sectors, units=[])
            if row.code in made or not reach.exists():
                continue
            made[row.code] = add_arrangement(
                plan=plan, fields=_fields(row, days), after=[made[code] for code in row.after if code in made], by=by
            )
        made["P09"].after.set([made["P01"]])
        issue = begin_issue(plan=plan, by=by, now=now)
    run_issue(issue.pk)
    _live(edition, now=now)
    plan.refresh_from_db()
    return plan


def _fields(row: _Row, days: Mapping[int, object]) -> dict[str, object]:
    def both(text: tuple[str, str]) -> LocalizedText:
        return LocalizedText({"zh-Hans": text[0], "en": text[1]})

    return {
        "code": row.code, "title": both(row.title), "what": both(row.what), "deliverables": both(row.hands_in),
        "begins": row.begins, "due": row.due, "levels": list(row.levels), "sectors": list(row.sectors),
        "theme_day": days.get(row.day), "is_milestone": row.milestone, "needs_evidence": row.evidence,
    }  # fmt: skip


@transaction.atomic
def _live(edition: Edition, *, now: dt.datetime) -> None:
    """Let time have passed over the tasks: most were done in time, some late, some are blocked or not begun."""
    today = today_in(edition, now=now)
    tasks = list(
        Task.objects.filter(edition=edition, arrangement__plan__unit=edition.owner_id).select_related(
            "unit", "arrangement"
        )
    )
    events = []
    for task in tasks:
        luck = int.from_bytes(hashlib.sha256(f"{task.unit.code} {task.arrangement.code}".encode()).digest()[:2]) % 100  # type: ignore[union-attr]  # a plan's own has one
        finished = task.due + dt.timedelta(days=(-6, -4, -3, -2, -1, -1, 0, 0, 1, 2)[luck % 10])
        begun = task.begins + dt.timedelta(days=luck % 5)
        if finished < today and luck < 92:
            moment = dt.datetime.combine(max(finished, task.begins), dt.time(9 + luck % 8, luck % 60), edition.tz)
            task.state, task.progress, task.done_at = TaskState.DONE, 100, moment
            events.append(
                TaskEvent(
                    task=task,
                    kind=EventKind.PROGRESS,
                    at=moment,
                    progress=100,
                    before={"state": "todo"},
                    after={"state": "done"},
                )
            )
        elif begun < today:
            task.progress = min(90, (5 + luck * 9 // 10) // 10 * 10)
            task.state = TaskState.DOING
            if luck % 11 == 0:
                task.state, task.blocker = TaskState.BLOCKED, _BLOCKERS[luck % 2]
            moment = dt.datetime.combine(
                min(begun + dt.timedelta(days=3), today - dt.timedelta(days=1)), dt.time(10), edition.tz
            )
            events.append(
                TaskEvent(
                    task=task,
                    kind=EventKind.PROGRESS,
                    at=moment,
                    progress=task.progress,
                    before={"state": "todo"},
                    after={"state": task.state},
                )
            )
    Task.objects.bulk_update(tasks, ["state", "progress", "done_at", "blocker"], batch_size=500)
    TaskEvent.objects.bulk_create(events, batch_size=500)
