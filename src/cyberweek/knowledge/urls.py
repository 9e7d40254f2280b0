from django.http import HttpResponse
from django.urls import path

from .views import play

app_name = "knowledge"


def stub(request, *args, **kwargs):  # replaced when this app's pages land
    return HttpResponse("stub")


urlpatterns = [
    path("<slug:edition>/play/", play.contest_list, name="contest-list"),
    path("<slug:edition>/play/<slug:contest>/", play.play, name="play"),
    path("<slug:edition>/play/<slug:contest>/result/", play.result, name="result"),
    path("<slug:edition>/play/<slug:contest>/practice/", play.practice, name="practice"),
    path("<slug:edition>/boards/", play.boards, name="boards"),
    path("<slug:edition>/passport/", play.passport, name="passport"),
    path("desk/<slug:edition>/contests/", stub, name="desk-contest-list"),
    path("desk/items/", stub, name="item-list"),
]
