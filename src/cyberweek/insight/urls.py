from django.http import HttpResponse
from django.urls import path

app_name = "insight"


def stub(request, *args, **kwargs):  # replaced when this app's pages land
    return HttpResponse("stub")


urlpatterns = [
    path("<slug:edition>/wall/", stub, name="wall"),
    path("wall", stub, name="wall-current"),
]
