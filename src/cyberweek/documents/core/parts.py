"""A document as plain values. Whoever writes one says what it holds; `documents.formats` says how it looks.

Text is data in every writer: nothing that a person typed is ever read as markup. A place that takes `Text` takes a
string or a tuple of `Run`s. Colours, fonts and words such as "Page 2 of 5" are the writers' business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Mood(StrEnum):
    """What a state or a note says before one reads it; each has a glyph and a colour."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    INFO = "info"
    UNDERWAY = "underway"
    OPEN = "open"  # not begun, nothing known


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text. `href`: an address (https:, http:, mailto:, tel:) or `#anchor` of a heading in this document."""

    text: str
    strong: bool = False
    href: str = ""


Text = str | tuple[Run, ...]


# -- Cells of a table --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A figure. `value` None: not known, which is not nought. `href`: where the rows behind it are."""

    value: int | float | Decimal | None
    digits: int = 0
    suffix: str = ""  # "%", " 天": stands close to the figure
    href: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A glyph and a word. `terse`: the glyph alone is seen, as in a matrix; the word is read aloud and kept in DOCX."""

    text: str
    mood: Mood
    terse: bool = False


Cell = Text | int | float | Decimal | None | Number | State


class Kind(StrEnum):
    """How a column's cells are set."""

    TEXT = "text"
    NUMBER = "number"
    STATE = "state"
    METER = "meter"  # a share, 0 to 1, drawn as a bar with its percentage


@dataclass(frozen=True, slots=True)
class Column:
    """`width`: share of the table's width against the other columns'; 0: what its contents ask for.

    `mark`: for a meter, the line to reach (0 to 1).
    """

    title: str
    kind: Kind = Kind.TEXT
    width: float = 0
    mark: float | None = None


# -- Parts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 to 4; 1 begins a section with a rule. `anchor`: letters, figures and hyphens, once a document."""

    text: str
    level: int = 1
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Line breaks stay. `quiet`: how something was counted, by whom, when."""

    text: Text
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    items: tuple[Text, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows are as wide as `columns`. `total`: the last row adds up the others. `empty` stands where there are no rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    note: str = ""
    total: bool = False
    empty: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("Every row has as many cells as the table has columns.")


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and what is known, one a line."""

    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A large figure: what it counts (`label`), in which unit, how it was counted or of what it is a part (`note`)."""

    value: int | float | Decimal | str | None
    label: str
    unit: str = ""
    note: str = ""
    href: str = ""
    digits: int = 0
    mood: Mood | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    items: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` None: withheld or not known; `shown` stands in place of the figure ("fewer than 10")."""

    label: str
    value: int | float | Decimal | None
    target: int | float | Decimal | None = None
    href: str = ""
    shown: str = ""
    mood: Mood | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from nought on one scale: `top`, else the longest. The tick is each bar's `target`."""

    items: tuple[Bar, ...]
    title: str = ""
    unit: str = ""
    note: str = ""
    digits: int = 0
    top: int | float | Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a `Curve`: a value a point of its axis, None where there is none. `plan`: dashed."""

    label: str
    values: tuple[int | float | None, ...]
    plan: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over the points of one axis (days, years). `alt` says in words what one sees."""

    points: tuple[str, ...]
    lines: tuple[Line, ...]
    alt: str
    title: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("A curve needs words for those who do not see it.")
        if any(len(line.values) != len(self.points) for line in self.lines):
            raise ValueError("Every line has as many values as the axis has points.")


@dataclass(frozen=True, slots=True)
class Note:
    """A callout: why, and what to do next."""

    text: Text
    title: str = ""
    mood: Mood = Mood.INFO


@dataclass(frozen=True, slots=True)
class Image:
    """PNG or JPEG. `width`: share of the text's width."""

    content: bytes = field(repr=False)
    alt: str
    caption: str = ""
    width: float = 1.0

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("An image needs words for those who do not see it.")
        if not self.content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
            raise ValueError("An image is a PNG or a JPEG.")


@dataclass(frozen=True, slots=True)
class Signature:
    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, with the date."""

    items: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page; in HTML a larger gap."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The headings down to `depth`, with their pages."""

    depth: int = 2


Part = (
    Heading
    | Paragraph
    | Bullets
    | Numbered
    | Table
    | Facts
    | Figures
    | Bars
    | Curve
    | Note
    | Image
    | Signatures
    | PageBreak
    | Contents
)

# The seven days' fills in print (kernel/static/kernel/tokens.css, a test holds them together).
DAYS = ("#df2c1c", "#c37a04", "#057983", "#0e41d1", "#067e3f", "#d82d83", "#6d2c93")


@dataclass(frozen=True, slots=True)
class Document:
    """`language`: "zh-Hans" or "en", the language of all of it. `date`: as people read it, with its zone where it has a
    time. `mark`: "Draft", "For the meeting only". `link`, `digest`: where the page is that this was printed from, and
    the hash of the frozen version; they stand in the foot. `base`: put before addresses that begin with / ("https://…"),
    which no file on a desk could follow otherwise. `cover`: a page of its own for the title. `colours`: the
    edition's days, `#rrggbb`.
    """

    title: str
    language: str
    parts: tuple[Part, ...]
    subtitle: str = ""
    issuer: str = ""
    edition: str = ""  # "China Cybersecurity Week 2019": stands beside the ring
    date: str = ""
    mark: str = ""
    footer: str = ""
    link: str = ""
    digest: str = ""
    base: str = ""
    cover: bool = False
    colours: tuple[str, ...] = DAYS

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("A document has a title.")
