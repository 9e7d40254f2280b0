from django.urls import path

from .views import giving, receiving, years

app_name = "handover"

urlpatterns = [
    path("desk/receive/", receiving.bring, name="bring"),
    path("desk/receive/<int:pk>/", receiving.look_through, name="look-through"),
    path("desk/receive/<int:pk>/believe/", receiving.believe, name="believe"),
    path("desk/<slug:edition>/hand-over/", giving.detail, name="detail"),
    path("desk/<slug:edition>/hand-over/archive/", giving.ask, name="ask"),
    path("desk/<slug:edition>/hand-over/archive/<int:pk>.zip", giving.fetch, name="fetch"),
    path("desk/<slug:edition>/hand-over/contact/", giving.contact, name="contact"),
    path("desk/<slug:edition>/hand-over/contact/withdraw/", giving.withdraw, name="withdraw"),
    path("desk/<slug:edition>/years/", years.years, name="years"),
    path("desk/<slug:edition>/years/table.xlsx", years.table, name="years-table"),
]
