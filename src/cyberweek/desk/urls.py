from django.http import HttpResponse
from django.urls import path

app_name = "desk"


def stub(request, *args, **kwargs):  # replaced when this app's pages land
    return HttpResponse("stub")


urlpatterns = [
    path("", stub, name="overview"),
    path("find/", stub, name="find"),
    path("audit/", stub, name="audit"),
]
