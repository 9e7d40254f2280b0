from __future__ import annotations

from django.urls import path

from .views import coverage, plans, tables

app_name = "planning"

_PLAN = "desk/<slug:edition>/plan/"

urlpatterns = [
    path(_PLAN, plans.plan_detail, name="plan-detail"),
    path(_PLAN + "<slug:unit>/", plans.plan_of, name="plan-of"),
    path(_PLAN + "<slug:unit>/edit/", plans.plan_edit, name="plan-edit"),
    path(_PLAN + "<slug:unit>/take/", plans.plan_take, name="plan-take"),
    path(_PLAN + "<slug:unit>/issue/", plans.plan_issue, name="plan-issue"),
    path(_PLAN + "<slug:unit>/issue/<int:number>/", plans.issue_detail, name="issue-detail"),
    path(_PLAN + "<slug:unit>/import/", tables.bring, name="plan-import"),
    path(_PLAN + "<slug:unit>/plan.<str:ending>", tables.export, name="plan-export"),
    path(_PLAN + "<slug:unit>/arrangements/new/", plans.arrangement_create, name="arrangement-create"),
    path(_PLAN + "<slug:unit>/arrangements/reach/", plans.arrangement_reach, name="arrangement-reach"),
    path(_PLAN + "<slug:unit>/arrangements/<slug:code>/edit/", plans.arrangement_edit, name="arrangement-edit"),
    path(
        _PLAN + "<slug:unit>/arrangements/<slug:code>/withdraw/",
        plans.arrangement_withdraw,
        name="arrangement-withdraw",
    ),
    path("desk/<slug:edition>/theme-days/coverage/", coverage.coverage, name="coverage"),
]
