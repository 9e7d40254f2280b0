from __future__ import annotations

from django.urls import path

from .views import forecasts

app_name = "readiness"

_READINESS = "desk/<slug:edition>/readiness/"

urlpatterns = [
    path(_READINESS, forecasts.forecast_list, name="forecast-list"),
    path(f"{_READINESS}method/", forecasts.forecast_method, name="forecast-method"),
    path(f"{_READINESS}forecast/", forecasts.forecast_make, name="forecast-make"),
    path(f"{_READINESS}units/<slug:unit>/", forecasts.forecast_unit, name="forecast-unit"),
]
