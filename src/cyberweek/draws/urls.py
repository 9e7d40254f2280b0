from django.urls import path

from .views import desk, public

app_name = "draws"
_DESK = "desk/<slug:edition>/contests/<slug:contest>/draws/"
_PUBLIC = "<slug:edition>/play/<slug:contest>/draws/"

urlpatterns = [
    path(_DESK, desk.draw_list, name="desk-list"),
    path(f"{_DESK}new/", desk.draw_announce, name="desk-announce"),
    path(f"{_DESK}<uuid:draw>/", desk.draw_detail, name="desk-detail"),
    path(f"{_DESK}<uuid:draw>/freeze/", desk.draw_freeze, name="desk-freeze"),
    path(f"{_DESK}<uuid:draw>/reveal/", desk.draw_reveal, name="desk-reveal"),
    path(f"{_DESK}<uuid:draw>/invite/", desk.draw_invite, name="desk-invite"),
    path(_PUBLIC, public.draw_list, name="list"),
    path(f"{_PUBLIC}<uuid:draw>/", public.draw_detail, name="detail"),
    path(f"{_PUBLIC}<uuid:draw>/entries.txt", public.draw_entries, name="entries"),
]
