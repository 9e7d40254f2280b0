from django.urls import path

from .views import arrange, editions

app_name = "editions"

urlpatterns = [
    path("editions/", editions.edition_list, name="edition-list"),
    path("editions/new/", editions.edition_create, name="edition-create"),
    path("<slug:edition>/edition/", editions.edition_detail, name="edition-detail"),
    path("<slug:edition>/edition/edit/", editions.edition_edit, name="edition-edit"),
    path("<slug:edition>/edition/stage/", editions.edition_stage, name="edition-stage"),
    path("<slug:edition>/edition/front-page/", editions.edition_front_page, name="edition-front-page"),
    path("<slug:edition>/edition/rehearsal/", editions.edition_rehearse, name="edition-rehearse"),
    path("<slug:edition>/edition/rehearsal/end/", editions.edition_rehearse_end, name="edition-rehearse-end"),
    path("<slug:edition>/edition/days/", arrange.theme_days, name="edition-days"),
    path("<slug:edition>/edition/organisers/", arrange.organisers, name="edition-organisers"),
]
