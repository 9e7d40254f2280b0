from .dictionary import Indicator, Population, Wording
from .figures import Evidence, Figure, Question
from .reports import Report
from .totals import Roll, Total

__all__ = ["Evidence", "Figure", "Indicator", "Population", "Question", "Report", "Roll", "Total", "Wording"]
