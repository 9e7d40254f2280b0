from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .enums import RiskState
from .views import contingencies, duty, forecasts, incidents, meetings, papers, risks


class MeetingActConverter(StringConverter):
    """What is done with a meeting by one press."""

    regex = "call|remind|cancel"


class RiskActConverter(StringConverter):
    """What is done with a risk by one press: a hand-over, or its new state."""

    regex = "|".join(["pass-up", "hand-back", *RiskState.values])


class MeasureActConverter(StringConverter):
    regex = "task|tick"


class IncidentActConverter(StringConverter):
    regex = "add|close|plan"


class LanguageConverter(StringConverter):
    regex = "zh-Hans|en"


class EndingConverter(StringConverter):
    regex = "pdf|docx"


for _name, _converter in {
    "meetingact": MeetingActConverter,
    "riskact": RiskActConverter,
    "measureact": MeasureActConverter,
    "incidentact": IncidentActConverter,
    "papertongue": LanguageConverter,
    "paperending": EndingConverter,
}.items():
    register_converter(_converter, _name)

app_name = "readiness"

_READINESS = "desk/<slug:edition>/readiness/"
_MEETINGS = "desk/<slug:edition>/meetings/"
_MEETING = _MEETINGS + "<int:meeting>/"
_RISKS = "desk/<slug:edition>/risks/"
_RISK = _RISKS + "<int:risk>/"
_PLANS = "desk/<slug:edition>/contingencies/"
_PLAN = _PLANS + "<int:plan>/"
_INCIDENTS = "desk/<slug:edition>/incidents/"
_INCIDENT = _INCIDENTS + "<int:incident>/"
_DUTY = "desk/<slug:edition>/duty/"
_PAPER = "<papertongue:language>.<paperending:ending>"

urlpatterns = [
    path(_READINESS, forecasts.forecast_list, name="forecast-list"),
    path(f"{_READINESS}method/", forecasts.forecast_method, name="forecast-method"),
    path(f"{_READINESS}forecast/", forecasts.forecast_make, name="forecast-make"),
    path(f"{_READINESS}units/<slug:unit>/", forecasts.forecast_unit, name="forecast-unit"),
    path(_MEETINGS, meetings.meeting_list, name="meeting-list"),
    path(_MEETINGS + "new/", meetings.meeting_create, name="meeting-create"),
    path(_MEETING, meetings.meeting_detail, name="meeting-detail"),
    path(_MEETING + "edit/", meetings.meeting_edit, name="meeting-edit"),
    path(_MEETING + "agenda/", meetings.agenda_edit, name="agenda-edit"),
    path(_MEETING + "<meetingact:act>/", meetings.meeting_act, name="meeting-act"),
    path(_MEETING + "reports/<slug:unit>/", meetings.report_edit, name="report-edit"),
    path(_MEETING + "packs/", papers.brief_freeze, name="brief-freeze"),
    path(_MEETING + "packs/<int:number>/", papers.brief_detail, name="brief-detail"),
    path(_MEETING + "packs/<int:number>/" + _PAPER, papers.brief_file, name="brief-file"),
    path(_MEETING + "minutes/", papers.minutes_edit, name="minutes-edit"),
    path(_MEETING + "minutes/approve/", papers.minutes_approve, name="minutes-approve"),
    path(_MEETING + "minutes/attendees/", papers.attendee_add, name="attendee-add"),
    path(_MEETING + "minutes/decisions/", papers.decision_add, name="decision-add"),
    path(_MEETING + "minutes/decisions/<int:number>/remove/", papers.decision_remove, name="decision-remove"),
    path(_MEETING + "minutes." + _PAPER, papers.minutes_file, name="minutes-file"),
    path(_RISKS, risks.risk_list, name="risk-list"),
    path(_RISKS + "risks.xlsx", risks.risk_sheet, name="risk-sheet"),
    path(_RISKS + "new/", risks.risk_create, name="risk-create"),
    path(_RISK, risks.risk_detail, name="risk-detail"),
    path(_RISK + "edit/", risks.risk_edit, name="risk-edit"),
    path(_RISK + "measures/", risks.measure_add, name="measure-add"),
    path(_RISK + "measures/<int:measure>/<measureact:act>/", risks.measure_act, name="measure-act"),
    path(_RISK + "<riskact:act>/", risks.risk_act, name="risk-act"),
    path(_PLANS, contingencies.contingency_list, name="contingency-list"),
    path(_PLANS + "new/", contingencies.contingency_edit, name="contingency-create"),
    path(_PLAN, contingencies.contingency_detail, name="contingency-detail"),
    path(_PLAN + "edit/", contingencies.contingency_edit, name="contingency-edit"),
    path(_PLAN + "files/<uuid:file>/", contingencies.contingency_file, name="contingency-file"),
    path(_PLAN + "drills/new/", contingencies.drill_create, name="drill-create"),
    path(_PLAN + "drills/<int:drill>/measures/", contingencies.drill_measure, name="drill-measure"),
    path(_PLAN + "measures/<int:measure>/tick/", contingencies.drill_tick, name="drill-tick"),
    path(_INCIDENTS, incidents.incident_list, name="incident-list"),
    path(_INCIDENTS + "new/", incidents.incident_create, name="incident-create"),
    path(_INCIDENT, incidents.incident_detail, name="incident-detail"),
    path(_INCIDENT + "<incidentact:act>/", incidents.incident_act, name="incident-act"),
    path(_INCIDENT + "steps/<int:step>/", incidents.incident_tick, name="incident-tick"),
    path(_DUTY, duty.duty, name="duty"),
    path(_DUTY + "<slug:unit>/new/", duty.shift_edit, name="shift-create"),
    path(_DUTY + "<slug:unit>/hours/", duty.hours_edit, name="hours-edit"),
    path(_DUTY + "<slug:unit>/roster.ics", duty.duty_calendar, name="duty-calendar"),
    path(_DUTY + "<slug:unit>/<int:shift>/", duty.shift_edit, name="shift-edit"),
    path(_DUTY + "<slug:unit>/<int:shift>/remove/", duty.shift_remove, name="shift-remove"),
]
