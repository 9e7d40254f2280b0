from django.urls import path

from . import views

app_name = "desk"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("find/", views.find_page, name="find"),
    path("audit/", views.audit, name="audit"),
    path("audit/table.csv", views.audit_table, name="audit-table"),
    path("unit/", views.my_unit, name="my-unit"),
    path("<slug:edition>/", views.edition_overview, name="edition"),
]
