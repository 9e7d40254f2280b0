"""Every address of the web. The arena's (`/arena/…`, `/healthz`, `/readyz`) are answered before Django: see asgi.py."""

from django.urls import include, path

urlpatterns = [
    path("language/", include("django.conf.urls.i18n")),
]
