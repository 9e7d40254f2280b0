from django.urls import path

from .views import posts, units

app_name = "regions"

urlpatterns = [
    path("units/", units.unit_list, name="unit-list"),
    path("units/new/", units.unit_create, name="unit-create"),
    path("units/<slug:code>/", units.unit_detail, name="unit-detail"),
    path("units/<slug:code>/edit/", units.unit_edit, name="unit-edit"),
    path("units/<slug:code>/move/", units.unit_move, name="unit-move"),
    path("units/<slug:code>/accountable/", units.unit_accountable, name="unit-accountable"),
    path("units/<slug:code>/posts/new/", posts.post_create, name="post-create"),
    path("units/<slug:code>/posts/<int:pk>/", posts.post_edit, name="post-edit"),
    path("units/<slug:code>/posts/<int:pk>/dismiss/", posts.post_dismiss, name="post-dismiss"),
    path("units/<slug:code>/posts/<int:pk>/access/", posts.post_access, name="post-access"),
    path("units/<slug:code>/posts/<int:pk>/first-password/", posts.first_password, name="first-password"),
]
