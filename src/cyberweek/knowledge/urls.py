from django.urls import path

from .views import (
    claims,
    contests,
    groups,
    items,
    play,
    promotions,
    proofs,
    regrades,
    results,
    rulings,
    statistics,
    versions,
)

app_name = "knowledge"

urlpatterns = [
    path("<slug:edition>/play/", play.contest_list, name="contest-list"),
    path("<slug:edition>/play/<slug:contest>/", play.play, name="play"),
    path("<slug:edition>/play/<slug:contest>/result/", play.result, name="result"),
    path("<slug:edition>/play/<slug:contest>/practice/", play.practice, name="practice"),
    path("<slug:edition>/play/<slug:contest>/promotion/", promotions.promotion_list, name="promotion"),
    path("<slug:edition>/play/<slug:contest>/results/", results.results, name="results"),
    path("<slug:edition>/play/<slug:contest>/results/<int:number>/", versions.version, name="result-version"),
    path("<slug:edition>/play/<slug:contest>/objection/", versions.objection, name="objection"),
    path("<slug:edition>/play/<slug:contest>/results/<int:last>.txt", proofs.export, name="export"),
    path("<slug:edition>/ledger/", proofs.ledger, name="ledger"),
    path("<slug:edition>/ledger/heads.atom", proofs.ledger_feed, name="ledger-feed"),
    path("<slug:edition>/ledger/check/", proofs.ledger_check, name="ledger-check"),
    path("<slug:edition>/boards/", play.boards, name="boards"),
    path("<slug:edition>/passport/", play.passport, name="passport"),
    path("desk/<slug:edition>/contests/", contests.contest_list, name="desk-contest-list"),
    path("desk/<slug:edition>/contests/new/", contests.contest_create, name="desk-contest-create"),
    path("desk/<slug:edition>/contests/<slug:contest>/", contests.contest_detail, name="desk-contest-detail"),
    path("desk/<slug:edition>/contests/<slug:contest>/edit/", contests.contest_edit, name="desk-contest-edit"),
    path("desk/<slug:edition>/contests/<slug:contest>/publish/", contests.contest_publish, name="desk-contest-publish"),
    path(
        "desk/<slug:edition>/contests/<slug:contest>/releases/<int:number>/",
        contests.release_detail,
        name="desk-release-detail",
    ),
    path("desk/<slug:edition>/contests/<slug:contest>/groups/", groups.group_list, name="desk-group-list"),
    path("desk/<slug:edition>/contests/<slug:contest>/groups/codes.csv", groups.group_export, name="desk-group-export"),
    path(
        "desk/<slug:edition>/contests/<slug:contest>/groups/<slug:group>/",
        groups.group_change,
        name="desk-group-change",
    ),
    path("desk/<slug:edition>/contests/<slug:contest>/promotion/", promotions.promotion_preview, name="desk-promotion"),
    path(
        "desk/<slug:edition>/contests/<slug:contest>/promotion/publish/",
        promotions.promotion_publish,
        name="desk-promotion-publish",
    ),
    path(
        "desk/<slug:edition>/contests/<slug:contest>/promotion/<uuid:participant>/",
        promotions.promotion_decline,
        name="desk-promotion-decline",
    ),
    path("desk/<slug:edition>/contests/<slug:contest>/items/", statistics.item_figures, name="desk-item-figures"),
    path(
        "desk/<slug:edition>/contests/<slug:contest>/items/table.<str:ending>",
        statistics.export,
        name="desk-item-figures-export",
    ),
    path("desk/<slug:edition>/contests/<slug:contest>/rulings/", rulings.ruling_list, name="desk-rulings"),
    path(
        "desk/<slug:edition>/contests/<slug:contest>/rulings/days/", rulings.objection_days, name="desk-objection-days"
    ),
    path(
        "desk/<slug:edition>/contests/<slug:contest>/participants/<uuid:participant>/",
        rulings.participant_detail,
        name="desk-participant",
    ),
    path(
        "desk/<slug:edition>/contests/<slug:contest>/objections/<int:pk>/",
        rulings.objection_detail,
        name="desk-objection",
    ),
    path("desk/<slug:edition>/contests/<slug:contest>/regrade/", regrades.regrade_list, name="desk-regrade"),
    path(
        "desk/<slug:edition>/contests/<slug:contest>/regrade/<int:pk>/",
        regrades.regrade_detail,
        name="desk-regrade-preview",
    ),
    path("desk/<slug:edition>/contests/<slug:contest>/claims/", claims.claim_list, name="desk-claim-list"),
    path(
        "desk/<slug:edition>/contests/<slug:contest>/claims/<uuid:claim>/",
        claims.claim_detail,
        name="desk-claim-detail",
    ),
    path("desk/items/", items.item_list, name="item-list"),
    path("desk/items/new/", items.item_create, name="item-create"),
    path("desk/items/import/", items.item_import, name="item-import"),
    path("desk/items/export/", items.item_export, name="item-export"),
    path("desk/items/<slug:code>/", items.item_detail, name="item-detail"),
    path("desk/items/<slug:code>/edit/", items.item_edit, name="item-edit"),
    path("desk/items/<slug:code>/retire/", items.item_retire, name="item-retire"),
    path("desk/items/<slug:code>/restore/", items.item_restore, name="item-restore"),
]
