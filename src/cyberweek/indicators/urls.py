from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .views import dictionary, evidence, figures, populations, reports


class DecisionConverter(StringConverter):
    """What is decided about a report."""

    regex = "verify|reject|take-back"


class TableConverter(StringConverter):
    """What a table ends on."""

    regex = "csv|xlsx"


register_converter(DecisionConverter, "decision")
register_converter(TableConverter, "table")

app_name = "indicators"

urlpatterns = [
    path("desk/<slug:edition>/reports/", reports.report_list, name="report-list"),
    path("desk/<slug:edition>/reports/activity/<slug:code>/", reports.begin_for_activity, name="report-activity"),
    path("desk/<slug:edition>/reports/unit/<slug:code>/", reports.begin_for_unit, name="report-unit"),
    path("desk/<slug:edition>/reports/<int:pk>/", reports.report_detail, name="report"),
    path("desk/<slug:edition>/reports/<int:pk>/<decision:decision>/", reports.decide, name="report-decide"),
    path("desk/<slug:edition>/reports/<int:pk>/files/<int:file>/", evidence.show, name="report-file"),
    path("desk/<slug:edition>/reports/<int:pk>/files/<int:file>/remove/", evidence.remove, name="report-file-remove"),
    path("desk/<slug:edition>/reports/<int:pk>/people/<slug:code>/", evidence.bring_sketch, name="report-sketch"),
    path("desk/<slug:edition>/figures/", figures.figure_list, name="figure-list"),
    path("desk/<slug:edition>/figures/all.<table:ending>", figures.export, name="figure-export"),
    path("desk/<slug:edition>/figures/<int:pk>/", figures.figure_detail, name="figure"),
    path("desk/<slug:edition>/figures/of/<slug:code>/", figures.indicator_figures, name="figures-of"),
    path(
        "desk/<slug:edition>/figures/of/<slug:code>/table.<table:ending>",
        figures.export_indicator,
        name="figures-export",
    ),
    path("desk/<slug:edition>/populations/", populations.population_list, name="population-list"),
    path("desk/<slug:edition>/populations/import/", populations.bring, name="population-import"),
    path("desk/<slug:edition>/populations/import/<int:pk>/", populations.look_through, name="population-check"),
    path("desk/<slug:edition>/populations/regions.<table:ending>", populations.template, name="population-template"),
    path("desk/<slug:edition>/indicators/", dictionary.dictionary, name="dictionary"),
    path("desk/<slug:edition>/indicators/load/", dictionary.load, name="dictionary-load"),
    path("desk/<slug:edition>/indicators/new/", dictionary.create, name="indicator-create"),
    path("desk/<slug:edition>/indicators/<slug:code>/", dictionary.indicator_detail, name="indicator"),
    path("desk/<slug:edition>/indicators/<slug:code>/edit/", dictionary.edit, name="indicator-edit"),
]
