from django.urls import path

from .views import desk, public

app_name = "forensics"
_DESK = "desk/<slug:edition>/contests/<slug:contest>/flags/"

urlpatterns = [
    path(_DESK, desk.flag_list, name="list"),
    path(f"{_DESK}inspect/", desk.inspect, name="inspect"),
    path(f"{_DESK}<int:pk>/", desk.flag_detail, name="detail"),
    path("<slug:edition>/fair-play/", public.rules, name="rules"),
]
