"""A national plan of 65 arrangements: thirteen strands of work, five steps each."""

from __future__ import annotations

from typing import Final, NamedTuple


class Arrangement(NamedTuple):
    """A template of tasks. `begins` and `due` are days from the opening; `after` are places in the same list."""

    code: str
    title: dict[str, str]
    what: dict[str, str]
    hands_in: dict[str, str]
    begins: int
    due: int
    levels: tuple[str, ...]
    after: tuple[int, ...]
    is_milestone: bool
    needs_evidence: bool
    theme_day: int  # its number; 0: none


# What it is about, its theme day, and by how many days its steps lie before or after those of the others.
_STRANDS: Final = (
    ("组织领导", "Who leads", 0, -6),
    ("启动仪式", "Opening ceremony", 1, 2),
    ("校园日", "Campus Day", 2, 0),
    ("电信日", "Telecommunications Day", 3, 1),
    ("法治日", "Rule of Law Day", 4, 1),
    ("金融日", "Finance Day", 5, 2),
    ("青少年日", "Youth Day", 6, 2),
    ("个人信息保护日", "Personal Information Protection Day", 7, 3),
    ("知识竞赛", "Knowledge contest", 0, -2),
    ("屏幕展播", "Public screens", 0, 0),
    ("媒体宣传", "Media", 0, -1),
    ("进社区进乡村", "Neighbourhoods and villages", 0, 1),
    ("安全保障", "Safety", 0, 0),
)

_ALL: Final = ("nation", "province", "city", "county")
_MOST: Final = ("nation", "province", "city")

# Step: title, what must happen, what is handed in (zh, en), days, levels, evidence.
_STEPS: Final = (
    (("制定方案", "make the plan"), ("结合实际制定方案，明确内容、分工、时间和经费。", "Say for your own place what is held, by whom, when and with what money."),
     ("方案", "The plan"), -62, -44, _ALL, False),
    (("明确责任人和参与单位", "settle who takes part"), ("确定责任人、联络员和参与单位，建立联络名单。", "Name who answers for it, who is reached, and who takes part."),
     ("名单", "The list"), -50, -34, _ALL, False),
    (("落实场地和物资", "get places and material"), ("落实场地、设备和宣传物资，完成报批。", "Places, equipment and material are there; permits are given."),
     ("场地批复\n物资清单", "Permits\nList of material"), -38, -18, _ALL, True),
    (("演练和检查", "rehearse and check"), ("完成演练和安全检查，发现的问题逐项整改。", "Everything was tried once; what was found is mended."),
     ("检查记录", "Record of the check"), -17, -4, _ALL, True),
    (("报送情况和成效", "report what came of it"), ("汇总活动、数据和做法，注明统计口径和依据。", "Activities, figures and what worked; every figure says how it was counted."),
     ("情况报告\n数据表", "The report\nFigures"), 2, 28, _ALL, False),
)  # fmt: skip


def arrangements() -> list[Arrangement]:
    """All of them, so that what waits comes after what it waits for.

    A step waits for the one before it in its strand; each strand's first for that of the first strand; the last checks of
    theme days for the places that the strand of safety has looked at.
    """
    found = []
    for strand, (zh, en, day, shift) in enumerate(_STRANDS):
        for step, (title, what, hands_in, begins, due, levels, evidence) in enumerate(_STEPS):
            after = [strand * len(_STEPS) + step - 1] if step else [0] if strand else []
            found.append(
                Arrangement(
                    code=f"N{strand * len(_STEPS) + step + 1:02d}",
                    title={"zh-Hans": f"{zh}：{title[0]}", "en": f"{en}: {title[1]}"},
                    what={"zh-Hans": what[0], "en": what[1]},
                    hands_in={"zh-Hans": hands_in[0], "en": hands_in[1]},
                    begins=begins + shift,
                    due=due + min(shift, 0 if step == 3 else shift),
                    levels=_MOST if (strand, step) == (1, 3) else levels,
                    after=tuple(after),
                    is_milestone=(strand, step) in {(0, 0), (1, 3)},
                    needs_evidence=evidence,
                    theme_day=day,
                )
            )
    return found
