from .dictionary import Indicator, Wording
from .figures import Evidence, Figure, Question
from .populations import Population, PopulationTable
from .reports import Report
from .totals import Roll, Total

__all__ = [
    "Evidence",
    "Figure",
    "Indicator",
    "Population",
    "PopulationTable",
    "Question",
    "Report",
    "Roll",
    "Total",
    "Wording",
]  # fmt: skip
