from django.urls import path

from . import views

app_name = "passport"

urlpatterns = [
    path("claim/confirmed/", views.confirmed, name="confirmed"),
    path("<slug:edition>/claim/<uuid:token>/", views.claim, name="claim"),
]
