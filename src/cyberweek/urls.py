"""Every address of the web. The arena's (`/arena/…`, `/healthz`, `/readyz`) are answered before Django: see asgi.py."""

from django.urls import include, path

urlpatterns = [
    path("language/", include("django.conf.urls.i18n")),
    path("", include("cyberweek.accounts.urls")),
    path("desk/", include("cyberweek.regions.urls")),
    path("desk/", include("cyberweek.editions.urls")),
    path("", include("cyberweek.programme.urls")),
    path("", include("cyberweek.passport.urls")),
    path("", include("cyberweek.knowledge.urls")),
    path("", include("cyberweek.draws.urls")),
    path("", include("cyberweek.forensics.urls")),
    path("", include("cyberweek.finals.urls")),
    path("", include("cyberweek.planning.urls")),
    path("", include("cyberweek.readiness.urls")),
    path("", include("cyberweek.indicators.urls")),
    path("", include("cyberweek.honours.urls")),
    path("", include("cyberweek.summaries.urls")),
    path("", include("cyberweek.handover.urls")),
    path("", include("cyberweek.insight.urls")),
    path("desk/", include("cyberweek.desk.urls")),
    path("", include("cyberweek.public.urls")),
]

handler500 = "cyberweek.kernel.views.failed"
