"""Summaries for the demo: made up, and marked so. Some units have sent theirs, most have not."""

from __future__ import annotations

import datetime as dt
from typing import Final

from cyberweek.editions.models import Edition
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit
from cyberweek.summaries.models import Lesson, Summary

from .freezing import freeze_summary, publish_version, send_summary, take_summary
from .texts import add_lesson

_LESSONS: Final = (
    (
        "cac-tianjin",
        "开幕首日现场扫码签到拥堵，队伍最长时排了四十分钟。",
        "只开了两条通道，而且现场网络不稳。",
        "按每百人一条通道准备，签到能离线进行；前一天在现场压测一次。",
    ),
    (
        "cac-tianjin",
        "社区讲座安排在工作日上午，上班族来不了。",
        "沿用了往年的时间表，没有问过居民。",
        "至少一半的社区活动放在晚上或周末，先在居民群里问一声。",
    ),
    (
        "cac",
        "有的省把阅读量当成人数上报，汇总前逐一退回核对。",
        "表上没有写明计数单位。",
        "只按指标字典填报，人数与人次分开填。",
    ),
)
_SENT: Final = ("edu-tianjin", "cac-tianjin-heping", "cac-tianjin")


def open_sample_summaries(*, edition: Edition, base: str = "", now: dt.datetime) -> int:
    """Give an edition lessons and a few summaries, where there are none yet; gives how many were frozen."""
    if Summary.objects.filter(edition=edition).exists():
        return 0
    units = {unit.code: unit for unit in Unit.objects.select_related("region", "parent")}
    for code, what, why, next_time in _LESSONS:
        if code in units:
            add_lesson(edition=edition, unit=units[code], what=what, why=why, next_time=next_time, by=None, now=now)
    Lesson.objects.filter(edition=edition).update(provenance=Provenance.ILLUSTRATIVE)
    frozen = 0
    for code in _SENT:
        if code not in units:
            continue
        version = freeze_summary(edition=edition, unit=units[code], base=base, by=None, now=now)
        send_summary(summary=version.summary, version=version, by=None, now=now)
        frozen += 1
        if code == "edu-tianjin":
            take_summary(summary=version.summary, by=None, now=now)
        if code == "cac-tianjin":
            publish_version(version=version, by=None, now=now)
    Summary.objects.filter(edition=edition).update(provenance=Provenance.ILLUSTRATIVE)
    return frozen
