"""A plan as a file, and back from a table."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.documents.enums import MEDIA_TYPES
from cyberweek.documents.formats.csv import csv_file
from cyberweek.documents.formats.docx import docx_file
from cyberweek.documents.formats.pdf import pdf_file
from cyberweek.documents.formats.tables import NoTable, read_table
from cyberweek.documents.formats.xlsx import Col, Sheet, workbook
from cyberweek.editions.queries import today_in
from cyberweek.kernel.views import once
from cyberweek.planning import actions
from cyberweek.planning.formats.plans import check_table, document_of, heads, row_of
from cyberweek.planning.forms.plans import TableForm
from cyberweek.planning.models import Plan
from cyberweek.planning.queries import plans as queries

from .plans import plan_to_read, plan_to_write


@require_safe
@organiser_required
def export(request: OrganiserRequest, edition: str, unit: str, ending: str) -> HttpResponseBase:
    """The plan as a table that can be brought back, or as a document."""
    if ending not in MEDIA_TYPES:
        raise Http404
    plan, _scope = plan_to_read(request, edition, unit)
    body = _table(plan, ending) if ending in {"csv", "xlsx"} else _document(request, plan, ending)
    headers = {"Content-Disposition": f'attachment; filename="{edition}-plan-{unit}.{ending}"'}
    return HttpResponse(body, content_type=MEDIA_TYPES[ending], headers=headers)


def _table(plan: Plan, ending: str) -> bytes:
    rows: list[list[Any]] = [row_of(one) for one in queries.arrangements_of(plan) if not one.is_withdrawn]
    if ending == "csv":
        return csv_file([heads(), *rows])
    return workbook([Sheet(_("Arrangements"), tuple(Col(head) for head in heads()), rows)])


def _document(request: OrganiserRequest, plan: Plan, ending: str) -> bytes:
    now = timezone.now()
    page = reverse("planning:plan-of", args=[plan.edition.slug, plan.unit.code])
    document = document_of(
        plan, queries.lines_of(plan, list(queries.arrangements_of(plan))), base=request.build_absolute_uri("/").rstrip("/"),
        link=request.build_absolute_uri(page), today=today_in(plan.edition, now=now),
    )  # fmt: skip
    write = pdf_file if ending == "pdf" else docx_file
    return write(document, written=plan.issued_at or now)


@organiser_required
@once
def bring(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """Bring a table of arrangements: every problem is named and nothing taken in, or all of it is."""
    plan = plan_to_write(request, edition, unit)
    form = TableForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None
    )
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            checked = check_table(read_table(form.cleaned_data["file"].read()), plan)
        except NoTable as refused:
            form.add_error("file", str(refused))
        else:
            problems = checked.problems
            if not problems:
                added, changed = actions.import_arrangements(plan=plan, rows=checked.entries, by=request.user)
                told = _("Taken in: %(added)d new, %(changed)d changed. Units hear of it with the next issue.")
                messages.success(request, told % {"added": added, "changed": changed})
                return redirect("planning:plan-of", edition, unit)
    context = {"edition": plan.edition, "plan": plan, "form": form, "problems": problems[:200], "n": len(problems)}
    return render(request, "planning/plan_import.html", context, status=422 if form.errors or problems else 200)
