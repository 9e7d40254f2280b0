from django.http import HttpResponse
from django.urls import path

app_name = "editions"


def stub(request, *args, **kwargs):  # replaced when this app's pages land
    return HttpResponse("stub")


urlpatterns = [
    path("editions/", stub, name="edition-list"),
]
