from django.http import HttpResponse
from django.urls import path

app_name = "accounts"


def stub(request, *args, **kwargs):  # replaced when this app's pages land
    return HttpResponse("stub")


urlpatterns = [
    path("sign-in/", stub, name="sign-in"),
    path("sign-out/", stub, name="sign-out"),
    path("me/", stub, name="me"),
]
