from django.urls import path

from . import api
from .views import desk, public

app_name = "finals"

FINAL = "<slug:edition>/finals/<slug:final>/"
DESK = "desk/<slug:edition>/finals/"
MINE = DESK + "<slug:final>/"

urlpatterns = [
    path("<slug:edition>/finals/", public.final_list, name="final-list"),
    path(FINAL, public.final_detail, name="final-detail"),
    path(FINAL + "record.json", api.record_json, name="record"),
    path(FINAL + "screen/", public.screen, name="screen"),
    path(FINAL + "screen/state/", api.screen_state, name="screen-state"),
    path(FINAL + "screen/stream/", api.screen_stream, name="screen-stream"),
    path(FINAL + "team/", public.team, name="team"),
    path(FINAL + "team/state/", api.team_state, name="team-state"),
    path(FINAL + "team/stream/", api.team_stream, name="team-stream"),
    path(FINAL + "team/echo/", api.echo, name="team-echo"),
    path(FINAL + "team/buzz/", api.buzz, name="team-buzz"),
    path(FINAL + "team/answer/", api.answer, name="team-answer"),
    path(FINAL + "team/choose/", api.choose, name="team-choose"),
    path(DESK, desk.final_list, name="desk-final-list"),
    path(DESK + "new/", desk.final_create, name="desk-final-create"),
    path(MINE, desk.final_detail, name="desk-final-detail"),
    path(MINE + "edit/", desk.final_edit, name="desk-final-edit"),
    path(MINE + "open/", desk.final_open, name="desk-final-open"),
    path(MINE + "codes/", desk.codes, name="desk-final-codes"),
    path(MINE + "codes/<int:seat>/renew/", desk.code_renew, name="desk-final-renew"),
    path(MINE + "host/", desk.host, name="desk-final-host"),
    path(MINE + "host/state/", api.host_state, name="host-state"),
    path(MINE + "host/stream/", api.host_stream, name="host-stream"),
    path(MINE + "host/step/", api.host_step, name="host-step"),
]
