from django.http import HttpResponse
from django.urls import path

app_name = "programme"


def stub(request, *args, **kwargs):  # replaced when this app's pages land
    return HttpResponse("stub")


urlpatterns = [
    path("<slug:edition>/programme/", stub, name="activity-list"),
    path("<slug:edition>/programme/<slug:code>/", stub, name="activity-detail"),
    path("desk/<slug:edition>/activities/", stub, name="desk-list"),
]
