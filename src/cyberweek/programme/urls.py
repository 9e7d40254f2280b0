from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .core.moderation import Act
from .views import desk, feeds, importing, public, registering


class ActConverter(StringConverter):
    """A step of moderation in an address."""

    regex = "|".join(Act)


class EndingConverter(StringConverter):
    """What a table ends on."""

    regex = "csv|xlsx"


register_converter(ActConverter, "act")
register_converter(EndingConverter, "ending")

app_name = "programme"

urlpatterns = [
    path("<slug:edition>/programme/", public.activity_list, name="activity-list"),
    path("<slug:edition>/programme/<slug:code>/", public.activity_detail, name="activity-detail"),
    path("<slug:edition>/programme/<slug:code>.ics", feeds.of_activity, name="feed-activity"),
    path("<slug:edition>/calendar.ics", feeds.whole, name="feed"),
    path("<slug:edition>/calendar/region/<slug:code>.ics", feeds.of_region, name="feed-region"),
    path("<slug:edition>/calendar/day/<int:number>.ics", feeds.of_day, name="feed-day"),
    path("<slug:edition>/calendar/unit/<slug:code>.ics", feeds.of_unit, name="feed-unit"),
    path("desk/<slug:edition>/activities/", desk.activity_list, name="desk-list"),
    path("desk/<slug:edition>/activities/many/", desk.take_many, name="desk-many"),
    path("desk/<slug:edition>/activities/new/", registering.create, name="desk-create"),
    path("desk/<slug:edition>/activities/import/", importing.bring, name="desk-import"),
    path("desk/<slug:edition>/activities/import/<int:pk>/", importing.look_through, name="desk-import-check"),
    path("desk/<slug:edition>/activities/template.<ending:ending>", importing.template, name="desk-template"),
    path("desk/<slug:edition>/activities/list.<ending:ending>", importing.export, name="desk-export"),
    path("desk/<slug:edition>/activities/<slug:code>/", desk.activity_detail, name="desk-detail"),
    path("desk/<slug:edition>/activities/<slug:code>/edit/", registering.edit, name="desk-edit"),
    path("desk/<slug:edition>/activities/<slug:code>/<act:act>/", desk.take, name="desk-take"),
    path("desk/<slug:edition>/activities/<slug:code>/<act:act>/why/", desk.ask_reason, name="desk-why"),
]
