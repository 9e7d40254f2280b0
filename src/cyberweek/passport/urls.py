from django.urls import path

from . import api, views

app_name = "passport"

urlpatterns = [
    path("claim/mine/", api.my_claims, name="my-claims"),
    path("claim/confirmed/", views.confirmed, name="confirmed"),
    path("<slug:edition>/claim/<uuid:token>/", views.claim, name="claim"),
]
