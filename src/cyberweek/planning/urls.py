from __future__ import annotations

from django.urls import path

from .views import coverage, lists, many, matrix, notices, plans, tables, tasks, timeline, working

app_name = "planning"

_PLAN = "desk/<slug:edition>/plan/"
_TASKS = "desk/<slug:edition>/tasks/"
_TASK = _TASKS + "<int:pk>/"

urlpatterns = [
    path(_PLAN, plans.plan_detail, name="plan-detail"),
    path(_PLAN + "<slug:unit>/", plans.plan_of, name="plan-of"),
    path(_PLAN + "<slug:unit>/come-since/", plans.plan_come_since, name="plan-come-since"),
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
    path(_TASKS, lists.my_week, name="my-week"),
    path(_TASKS + "all/", lists.task_list, name="task-list"),
    path(_TASKS + "all/many/", many.act, name="task-many"),
    path(_TASKS + "all/tasks.<str:ending>", many.export, name="task-export"),
    path(_TASKS + "board/", lists.board, name="task-board"),
    path(_TASKS + "timeline/", timeline.timeline, name="task-timeline"),
    path(_TASKS + "matrix/", matrix.matrix, name="task-matrix"),
    path(_TASKS + "notices/", notices.notice_list, name="notices"),
    path(_TASKS + "notices/read/", notices.read, name="notices-read"),
    path(_TASKS + "notices/mail/", notices.mail, name="notices-mail"),
    path(_TASKS + "notices/calendar/", notices.feed_renew, name="feed-renew"),
    path(_TASKS + "new/", tasks.create, name="task-create"),
    path(_TASK, tasks.task_detail, name="task-detail"),
    path(_TASK + "edit/", tasks.edit, name="task-edit"),
    path(_TASK + "report/", working.report, name="task-report"),
    path(_TASK + "move/", working.move, name="task-move"),
    path(_TASK + "comment/", working.comment, name="task-comment"),
    path(_TASK + "remind/", working.remind, name="task-remind"),
    path(_TASK + "drop/", working.drop, name="task-drop"),
    path(_TASK + "parts/", working.break_down, name="task-break-down"),
    path(_TASK + "waits/", working.wait_for, name="task-wait-for"),
    path(_TASK + "waits/<int:after>/remove/", working.wait_no_more, name="task-wait-no-more"),
    path(_TASK + "evidence/", working.give_evidence, name="evidence-give"),
    path(_TASK + "evidence/<int:file>/", working.evidence, name="evidence"),
    path(_TASK + "evidence/<int:file>/small/", working.evidence_small, name="evidence-small"),
    path(_TASK + "evidence/<int:file>/remove/", working.evidence_remove, name="evidence-remove"),
    path("<slug:edition>/tasks/<str:token>.ics", notices.feed, name="feed"),
]
