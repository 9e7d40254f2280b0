from django.http import HttpResponse
from django.urls import path

app_name = "public"


def stub(request, *args, **kwargs):  # replaced when this app's pages land
    return HttpResponse("stub")


urlpatterns = [
    path("", stub, name="front"),
    path("about/", stub, name="about"),
    path("editions/", stub, name="editions"),
    path("<slug:edition>/", stub, name="home"),
]
