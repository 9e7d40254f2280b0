from django.urls import path

from . import views

app_name = "public"
urlpatterns = [
    path("", views.front, name="front"),
    path("about/", views.about, name="about"),
    path("editions/", views.editions, name="editions"),
    path("<slug:edition>/", views.home, name="home"),
]
