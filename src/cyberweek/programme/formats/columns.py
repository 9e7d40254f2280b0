"""The columns of a table of activities: their names in both languages, and what stands in them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.utils.translation import override

from cyberweek.documents.formats.tables import folded
from cyberweek.editions.enums import OrganiserRole
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.programme.enums import Format, Kind
from cyberweek.programme.models import Activity


@dataclass(frozen=True)
class Column:
    """`names` are accepted as heads, the first two are written: English, Chinese. A text column takes a language."""

    key: str
    names: tuple[str, ...]
    needed: bool = False
    language: str = ""  # "zh-Hans", "en", or "" for: as it is written


COLUMNS: Final = (
    Column("code", ("Number", "编号", "No.", "序号")),
    Column("title", ("Title", "活动名称", "名称", "标题", "活动标题", "Name"), needed=True),
    Column("title", ("Title in English", "活动名称（英文）", "英文名称", "title_en"), language="en"),
    Column("title", ("Title in Chinese", "活动名称（中文）", "中文名称", "title_zh"), language="zh-Hans"),
    Column("summary", ("What it is", "活动简介", "简介", "内容", "Summary", "Description")),
    Column("summary", ("What it is in English", "活动简介（英文）", "summary_en"), language="en"),
    Column("kind", ("Kind", "类型", "活动类型", "类别", "Type"), needed=True),
    Column("unit", ("Lead organiser", "主办单位", "牵头单位", "单位", "Unit", "Unit code", "单位代码"), needed=True),
    Column("co", ("Co-organisers", "联合主办", "联合主办单位", "协办单位")),
    Column("undertakers", ("Undertakers", "承办单位", "承办")),
    Column("region", ("Region", "地区", "行政区划", "地区代码", "行政区划代码", "Region code")),
    Column("venue", ("Venue", "场地", "地点", "活动地点", "Place")),
    Column("venue", ("Venue in English", "场地（英文）", "venue_en"), language="en"),
    Column("address", ("Address", "地址", "详细地址")),
    Column("starts", ("Starts", "开始时间", "开始", "Start"), needed=True),
    Column("ends", ("Ends", "结束时间", "结束", "End"), needed=True),
    Column("theme_day", ("Theme day", "主题日")),
    Column("audience", ("For whom", "面向对象", "对象", "参与对象", "Audience")),
    Column("audience", ("For whom in English", "面向对象（英文）", "audience_en"), language="en"),
    Column("format", ("Format", "方式", "形式", "活动形式")),
    Column("capacity", ("Capacity", "人数", "规模", "预计人数", "Places")),
    Column("contact_name", ("Responsible person", "负责人", "联系人", "Contact person")),
    Column("contact", ("Telephone or e-mail", "联系方式", "联系电话", "电话", "Contact")),
)

_HAN: Final = re.compile("[㐀-鿿]")
_MOMENT: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?[T\s]*(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*分?(?::\d{2})?"
)


_BY_NAME: Final = {folded(name): column for column in COLUMNS for name in column.names}


def columns_of(head: Sequence[str]) -> list[Column | None]:
    """The column under each head; None where it is not one of ours."""
    return [_BY_NAME.get(folded(name)) for name in head]


def heads(*, chinese: bool) -> list[str]:
    """The heads as we write them."""
    return [column.names[1 if chinese else 0] for column in COLUMNS]


def language_of(text: str) -> str:
    """Chinese when there is a Chinese character in it, else English."""
    return "zh-Hans" if _HAN.search(text) else "en"


def moment(text: str) -> dt.datetime:
    """A local date and time as offices write them: 2019-09-19 15:00, 2019/9/19 15:00, 2019年9月19日15时30分.

    Raises ValueError.
    """
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    return dt.datetime(year, month, day, hour, minute)  # noqa: DTZ001 -- on the edition's clocks, which the caller knows


# What offices write beside our own labels.
_ALSO: Final[dict[str, dict[str, str]]] = {
    "Format": {"线下": "on-site", "线上": "online", "线上线下": "both", "线上+线下": "both", "offline": "on-site"},
    "Kind": {"开幕式": "ceremony", "展会": "exhibition", "竞赛": "contest", "培训": "lecture", "宣传": "publicity"},
}


def choice(text: str, choices: type[Kind | Format]) -> str | None:
    """The value that a word means: its own name, its label in either language, or what offices write for it."""
    return _words(choices).get(folded(text))


@cache
def _words(choices: type[Kind | Format]) -> dict[str, str]:
    words = {folded(word): value for word, value in _ALSO[choices.__name__].items()}
    for language in ("en", "zh-hans"):
        with override(language):
            words |= {folded(str(member.label)): str(member.value) for member in choices}
    return words | {folded(member.value): str(member.value) for member in choices}


def row_of(activity: Activity) -> list[Any]:
    """An activity as a row of a table, in the order of `COLUMNS`; what comes out can be read in again."""
    return [_value(activity, column) for column in COLUMNS]


def _value(activity: Activity, column: Column) -> Any:  # noqa: PLR0911 -- one line a column
    if column.key in ("title", "summary", "venue", "audience", "address"):
        text: LocalizedText = getattr(activity, column.key)
        if column.language:
            return text.get(column.language, "") if "zh-Hans" in text or column.names[0] == "Title in Chinese" else ""
        return text.get("zh-Hans") or text.get("en", "")
    if column.key in ("starts", "ends"):
        return f"{getattr(activity, 'local_' + column.key):%Y-%m-%d %H:%M}"
    if column.key in ("co", "undertakers"):
        role = OrganiserRole.CO if column.key == "co" else OrganiserRole.UNDERTAKER
        return "; ".join(partner.unit.code for partner in activity.partners.all() if partner.role == role)
    if column.key == "unit":
        return activity.lead.code
    if column.key == "region":
        return activity.region_id
    if column.key == "theme_day":
        return activity.theme_day.number if activity.theme_day else ""
    if column.key in ("kind", "format"):
        return str(getattr(activity, f"get_{column.key}_display")())
    value = getattr(activity, column.key)
    return "" if value is None else value
