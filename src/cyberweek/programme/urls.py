from __future__ import annotations

from django.urls import path

from .views import feeds, public

app_name = "programme"

urlpatterns = [
    path("<slug:edition>/programme/", public.activity_list, name="activity-list"),
    path("<slug:edition>/programme/<slug:code>/", public.activity_detail, name="activity-detail"),
    path("<slug:edition>/programme/<slug:code>.ics", feeds.of_activity, name="feed-activity"),
    path("<slug:edition>/calendar.ics", feeds.whole, name="feed"),
    path("<slug:edition>/calendar/region/<slug:code>.ics", feeds.of_region, name="feed-region"),
    path("<slug:edition>/calendar/day/<int:number>.ics", feeds.of_day, name="feed-day"),
    path("<slug:edition>/calendar/unit/<slug:code>.ics", feeds.of_unit, name="feed-unit"),
]
