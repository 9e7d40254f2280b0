"""Documents that the tests write: one with every part, one with everything that people should not type."""

from __future__ import annotations

import datetime as dt
import io

from PIL import Image as Pillow

from cyberweek.documents.core import parts as p

WRITTEN = dt.datetime(2019, 9, 11, 7, 0, tzinfo=dt.UTC)
PROVINCES = tuple(f"Province {n}" for n in range(1, 32))
PROVINCE_TABLE = p.Table(
    (
        p.Column("Province"),
        p.Column("State", p.Kind.STATE),
        p.Column("Chance", p.Kind.METER, mark=0.85),
        p.Column("Tasks", p.Kind.NUMBER),
    ),
    (
        *(
            (name, p.State("On track", p.Mood.GOOD), 0.9, p.Number(1200 + n, href=f"/f/{n}"))
            for n, name in enumerate(PROVINCES)
        ),
        ("All", "", None, 37_665),
    ),
    caption="Readiness by province",
    note="As of 14:00.",
    total=True,
)


def picture() -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (40, 20), "navy").save(out, "PNG")
    return out.getvalue()


def every_part(language: str = "en", **more) -> p.Document:
    chinese = language == "zh-Hans"
    return p.Document(
        title="筹备工作调度会材料" if chinese else "Readiness meeting",
        subtitle="Five days before the opening",
        language=language,
        issuer="Tianjin office",
        edition="Cybersecurity Week 2019",
        date="11 September 2019, 15:00 (Beijing)",
        mark="For the meeting only",
        link="https://week.example/f/k7q2m",
        digest="9f86d081884c7d659a2feaa0c55ad015",
        base="https://week.example",
        parts=(
            p.Contents(),
            p.Heading("Where we stand", 1, "stand"),
            p.Figures(
                (p.Figure(24, "on track", unit="provinces", href="/f/a1", mood=p.Mood.GOOD, note="at least 85%"),)
            ),
            p.Paragraph(
                (p.Run("Bold", strong=True), p.Run(" and "), p.Run("linked", href="https://week.example/method"))
            ),
            p.Paragraph(
                (p.Run("To "), p.Run("the provinces", href="#provinces"), p.Run(", "), p.Run("nowhere", href="#no"))
            ),
            p.Note("It waits for a signature.", title="Why red?", mood=p.Mood.BAD),
            p.Numbered(("First decision", "Second decision")),
            p.Heading("Each province", 1, "provinces"),
            PROVINCE_TABLE,
            p.Table(
                (p.Column("Unit"), p.Column("Plan", p.Kind.STATE)),
                (("Hebei", p.State("done", p.Mood.GOOD, terse=True)),),
            ),
            p.Table((p.Column("Nothing"),), (), empty="No decisions yet."),
            p.Bars(
                (p.Bar("Opening", 412, target=800), p.Bar("Campus", None, shown="fewer than 10")),
                title="Activities",
                unit="each",
            ),
            p.Curve(
                ("Mon", "Tue", "Wed"),
                (p.Line("Plan", (1, 2, 3), plan=True), p.Line("Done", (1, None, 2))),
                alt="Two lines",
                title="Done",
            ),
            p.Facts((p.Fact("Accountable", "Lin Yue"), p.Fact("State", p.State("1 day late", p.Mood.BAD)))),
            p.Bullets(("One", "Two")),
            p.Image(picture(), "A blue field", caption="A photograph", width=0.3),
            p.PageBreak(),
            p.Signatures((p.Signature("Chair", "Lin Yue"), p.Signature("Minutes"))),
        ),
        **more,
    )


NASTY = (
    '#read("/etc/passwd")',
    "#import sys; $ x^2 $ *bold* _em_ `raw` <label> @ref // comment /* x */ \\u{1F600} #panic()",
    "<script>alert(1)</script> &amp; ]]> <w:p/> {{ secret }} {% load x %}",
    "=1+1",
    "عربي \u200fmixed\u202e RLO \u2067isolate",
    "emoji 😀 and 👩‍👩‍👧",
    "half \ud800 pair \udfff",
    "\x00\x01\x1b control \ufffe\uffff",
    "line\nbreak\r\nand\u2028more",
    "x" * 3_000,
    "字" * 3_000,
    "a/b" * 1_000,
    "",
    " ",
)


def nasty(text: str, language: str = "en") -> p.Document:
    """The text wherever a text may stand."""
    return p.Document(
        title=text.strip()[:300] or "Title",
        subtitle=text[:300],
        language=language,
        issuer=text[:100],
        edition=text[:100],
        date=text[:60],
        mark=text[:60],
        footer=text[:100],
        link=text[:60],
        parts=(
            p.Heading(text[:300], 2, "a"),
            p.Paragraph((p.Run(text), p.Run(text[:200], strong=True, href=f"javascript:{text[:40]}"))),
            p.Bullets((text[:200],)),
            p.Numbered((text[:200],)),
            p.Table(
                (p.Column(text[:300]), p.Column("b"), p.Column("c", p.Kind.STATE)),
                (
                    (text, text[:200], p.State(text[:100], p.Mood.BAD)),
                    ("", None, p.State(text[:100], p.Mood.OPEN, terse=True)),
                ),
                caption=text[:300],
                note=text[:300],
            ),
            p.Facts((p.Fact(text[:300], text),)),
            p.Figures((p.Figure(text[:60], text[:200], unit=text[:30], note=text[:200], href=text[:40]),)),
            p.Bars(
                (p.Bar(text[:200], 3, href=text[:40]), p.Bar("b", None, shown=text[:40])),
                title=text[:200],
                unit=text[:40],
            ),
            p.Curve(
                (text[:30], "b"),
                (p.Line(text[:60], (1, 2)), p.Line("b", (None, None))),
                alt=text[:200].strip() or "alt",
            ),
            p.Note(text, title=text[:200]),
            p.Signatures((p.Signature(text[:60], text[:60]),)),
        ),
    )
