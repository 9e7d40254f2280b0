from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .core.flow import Step
from .views import calls, entries, jury, public, results


class StepConverter(StringConverter):
    """A step of a call in an address; announcing awards has a page of its own."""

    regex = "|".join(step for step in Step if step is not Step.ANNOUNCE)


class EntryActConverter(StringConverter):
    """What a unit does with its entry."""

    regex = "submit|take-back|withdraw"


register_converter(StepConverter, "callstep")
register_converter(EntryActConverter, "entryact")

app_name = "honours"

_DESK = "desk/<slug:edition>/cases/"
_CALL = _DESK + "<int:call>/"
_ENTRY = _DESK + "entries/<int:entry>/"
_JURY = _CALL + "jury/"

urlpatterns = [
    path("<slug:edition>/cases/", public.case_list, name="case-list"),
    path("<slug:edition>/cases/calls/<int:call>/", public.call_detail, name="call-detail"),
    path("<slug:edition>/cases/<int:case>/", public.case_detail, name="case-detail"),
    path("<slug:edition>/cases/<int:case>/adopt.md", public.case_download, name="case-download"),
    path("<slug:edition>/cases/<int:case>/files/<int:number>/", public.case_file, name="case-file"),
    path(_DESK, calls.call_list, name="desk-list"),
    path(_DESK + "new/", calls.call_create, name="desk-create"),
    path(_DESK + "entries/", entries.own_entries, name="desk-entries"),
    path(_ENTRY, entries.entry_detail, name="desk-entry"),
    path(_ENTRY + "edit/", entries.entry_edit, name="desk-entry-edit"),
    path(_ENTRY + "<entryact:act>/", entries.entry_act, name="desk-entry-act"),
    path(_ENTRY + "files/", entries.file_add, name="desk-file-add"),
    path(_ENTRY + "files/<int:number>/", entries.file_open, name="desk-file"),
    path(_ENTRY + "files/<int:number>/remove/", entries.file_remove, name="desk-file-remove"),
    path(_CALL, calls.call_detail, name="desk-call"),
    path(_CALL + "edit/", calls.call_edit, name="desk-edit"),
    path(_CALL + "<callstep:step>/", calls.call_step, name="desk-step"),
    path(_CALL + "entries/", entries.call_entries, name="desk-call-entries"),
    path(_CALL + "entries/new/", entries.entry_create, name="desk-entry-create"),
    path(_CALL + "jurors/", results.jury, name="desk-jury"),
    path(_CALL + "jurors/deal/", results.deal, name="desk-deal"),
    path(_CALL + "jurors/<int:juror>/remove/", results.juror_remove, name="desk-juror-remove"),
    path(_CALL + "results/", results.results, name="desk-results"),
    path(_CALL + "awards/", results.awards, name="desk-awards"),
    path(_CALL + "objections/new/", results.object_to, name="desk-object"),
    path(_CALL + "objections/<int:objection>/", results.decide, name="desk-decide"),
    path(_JURY, jury.sheet_list, name="jury"),
    path(_JURY + "conflict/", jury.conflict, name="jury-conflict"),
    path(_JURY + "<int:number>/", jury.sheet_detail, name="jury-sheet"),
    path(_JURY + "<int:number>/files/<int:file>/", jury.sheet_file, name="jury-file"),
]
