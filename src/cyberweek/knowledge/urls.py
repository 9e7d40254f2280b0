from django.http import HttpResponse
from django.urls import path

app_name = "knowledge"


def stub(request, *args, **kwargs):  # replaced when this app's pages land
    return HttpResponse("stub")


urlpatterns = [
    path("<slug:edition>/play/", stub, name="contest-list"),
    path("<slug:edition>/play/<slug:contest>/", stub, name="play"),
    path("<slug:edition>/boards/", stub, name="boards"),
    path("desk/<slug:edition>/contests/", stub, name="desk-contest-list"),
    path("desk/items/", stub, name="item-list"),
]
