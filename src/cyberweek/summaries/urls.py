from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .enums import Part, Table
from .views import desk, files, lessons, public, versions


class PartConverter(StringConverter):
    """A section of a summary."""

    regex = "|".join(Part.values)


class TableConverter(StringConverter):
    """A table of the open data."""

    regex = "|".join(Table.values)


class DocumentConverter(StringConverter):
    """What a version is given out as."""

    regex = "pdf|docx|json"


class DataConverter(StringConverter):
    """What a table is given out as."""

    regex = "csv|parquet"


class StepConverter(StringConverter):
    """What is done with a version."""

    regex = "send|take|publish"


register_converter(PartConverter, "summarypart")
register_converter(TableConverter, "summarytable")
register_converter(DocumentConverter, "summaryfile")
register_converter(DataConverter, "summarydata")
register_converter(StepConverter, "summarystep")

app_name = "summaries"

_DESK = "desk/<slug:edition>/summary/"
_UNIT = _DESK + "<slug:unit>/"
_VERSION = _UNIT + "versions/<int:number>/"
_PUBLIC = "<slug:edition>/summary/"

urlpatterns = [
    path(_DESK, desk.summary_home, name="home"),
    path(_UNIT, desk.summary_detail, name="summary"),
    path(_UNIT + "sections/<summarypart:part>/", desk.section_edit, name="section-edit"),
    path(_UNIT + "below/", desk.below, name="below"),
    path(_UNIT + "below/remind/", desk.remind, name="remind"),
    path(_UNIT + "lessons/", lessons.lesson_list, name="lessons"),
    path(_UNIT + "lessons/<int:pk>/", lessons.lesson_edit, name="lesson-edit"),
    path(_UNIT + "lessons/<int:pk>/remove/", lessons.lesson_remove, name="lesson-remove"),
    path(_UNIT + "freeze/", versions.freeze, name="freeze"),
    path(_VERSION, versions.version_detail, name="version"),
    path(_VERSION + "<summarystep:step>/", versions.step, name="step"),
    path(_VERSION + "send-back/", versions.send_back, name="send-back"),
    path(_VERSION + "withdraw/", versions.withdraw, name="withdraw"),
    path(_VERSION + "publish-anyway/", versions.publish_anyway, name="publish-anyway"),
    path(_VERSION + "summary.<summaryfile:ending>", files.desk_document, name="document"),
    path(_VERSION + "data/", versions.data, name="data"),
    path(_VERSION + "data/<summarytable:table>.<summarydata:ending>", files.desk_table, name="table"),
    path(_VERSION + "data/dictionary.json", files.desk_dictionary, name="dictionary"),
    path(_PUBLIC, public.summary_list, name="public-list"),
    path(_PUBLIC + "<slug:unit>/", public.summary_detail, name="public"),
    path(_PUBLIC + "<slug:unit>/<int:number>/", public.summary_detail, name="public-version"),
    path(
        _PUBLIC + "<slug:unit>/<int:number>/summary.<summaryfile:ending>", files.public_document, name="public-document"
    ),
    path(_PUBLIC + "<slug:unit>/<int:number>/data/", public.data, name="public-data"),
    path(
        _PUBLIC + "<slug:unit>/<int:number>/data/<summarytable:table>.<summarydata:ending>",
        files.public_table,
        name="public-table",
    ),
    path(_PUBLIC + "<slug:unit>/<int:number>/data/dictionary.json", files.public_dictionary, name="public-dictionary"),
    path("f/<str:code>/", public.figure, name="figure"),
    path("f/<str:code>", public.figure, name="figure-short"),
]
