"""Forms of typical cases: a call and its rubric, an entry, a jury's work, awards, what visitors ask."""

from .calls import CallForm
from .casebook import CaseFilter, EntryFilter
from .entries import EntryForm, FilesForm
from .jury import AwardsForm, ConflictForm, DecisionForm, JurorForm, ObjectionForm, SheetForm

__all__ = [
    "AwardsForm", "CallForm", "CaseFilter", "ConflictForm", "DecisionForm", "EntryFilter", "EntryForm", "FilesForm", "JurorForm",
    "ObjectionForm", "SheetForm",
]  # fmt: skip
