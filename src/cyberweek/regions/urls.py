from django.http import HttpResponse
from django.urls import path

app_name = "regions"


def stub(request, *args, **kwargs):  # replaced when this app's pages land
    return HttpResponse("stub")


urlpatterns = [
    path("units/", stub, name="unit-list"),
]
