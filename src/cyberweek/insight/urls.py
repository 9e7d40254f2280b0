from django.urls import path

from . import views

app_name = "insight"
urlpatterns = [
    path("<slug:edition>/wall/", views.wall, name="wall"),
    path("<slug:edition>/wall/rows/", views.wall_rows, name="wall-rows"),
    path("<slug:edition>/figures/", views.figures, name="figures"),
    path("<slug:edition>/figures/<str:region>/", views.figures, name="figures-region"),
    path("wall", views.wall_current, name="wall-current"),
]
