from .awards import Award, Objection
from .calls import Call, Criterion, Move
from .entries import Entry, EntryFile, Figure
from .juries import Conflict, Juror, Result, Score, Sheet

__all__ = [
    "Award", "Call", "Conflict", "Criterion", "Entry", "EntryFile", "Figure", "Juror", "Move", "Objection", "Result", "Score", "Sheet",
]  # fmt: skip
