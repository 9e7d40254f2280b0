from .briefs import Brief, BriefFile
from .contingencies import Contact, Contingency, Drill, Step
from .duty import DutyHours, Shift
from .forecasts import Calibration, Forecast, ForecastRow
from .incidents import Incident, IncidentLine
from .meetings import AgendaItem, Attendee, Decision, Meeting, UnitReport
from .risks import Measure, Risk, RiskEvent

__all__ = [
    "AgendaItem",
    "Attendee",
    "Brief",
    "BriefFile",
    "Calibration",
    "Contact",
    "Contingency",
    "Decision",
    "Drill",
    "DutyHours",
    "Forecast",
    "ForecastRow",
    "Incident",
    "IncidentLine",
    "Measure",
    "Meeting",
    "Risk",
    "RiskEvent",
    "Shift",
    "Step",
    "UnitReport",
]
