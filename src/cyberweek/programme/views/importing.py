"""Tables in and out: bring one, look through what was found, confirm; the list as a file; the template."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.documents.enums import MEDIA_TYPES
from cyberweek.documents.formats.csv import csv_pieces
from cyberweek.documents.formats.tables import NoTable, read_table
from cyberweek.documents.formats.xlsx import Col, Sheet, workbook_pieces
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.kernel.views import once, piecemeal, streamed
from cyberweek.programme import actions, queries, rules
from cyberweek.programme.formats import columns
from cyberweek.programme.formats.imports import check_table
from cyberweek.programme.forms import DeskFilter, UploadForm
from cyberweek.regions.queries import scope_of

SHOWN: Final = 200  # problems and rows on the page that shows what was found


@organiser_required
@once
def bring(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Bring a table. It is kept until its owner confirms it, for a day at most."""
    the_edition = _open_edition(request, edition)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            check_table(read_table(content), edition=the_edition, user=request.user)
        except NoTable as problem:
            form.add_error("file", str(problem))
        else:
            kept = actions.keep_upload(
                edition=the_edition, name=file.name, content=content, by=request.user, now=timezone.now()
            )
            return redirect("programme:desk-import-check", edition, kept.pk)
    context = {"edition": the_edition, "form": form}
    return render(request, "programme/import.html", context, status=422 if form.errors else 200)


@organiser_required
@once
def look_through(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """What was found in the table: every problem with its row and column, or the rows and a button to import them."""
    the_edition = _open_edition(request, edition)
    upload = get_object_or_404(queries.upload_of(request.user, the_edition, pk))
    checked = check_table(read_table(bytes(upload.content)), edition=the_edition, user=request.user)
    if request.method == "POST" and not checked.problems:
        made = actions.import_upload(upload=upload, entries=checked.entries, by=request.user, now=timezone.now())
        told = ngettext("%(n)d activity is entered as a draft.", "%(n)d activities are entered as drafts.", len(made))
        messages.success(request, told % {"n": len(made)})
        return redirect("programme:desk-list", edition)
    context = {
        "edition": the_edition,
        "upload": upload,
        "checked": checked,
        "problems": checked.problems[:SHOWN],
        "rows": [entry.activity for entry in checked.entries[:SHOWN]] if not checked.problems else [],
    }
    return render(request, "programme/import_check.html", context, status=422 if request.method == "POST" else 200)


def _open_edition(request: OrganiserRequest, slug: str) -> Edition:
    edition = get_object_or_404(editions_published(), slug=slug)
    if not rules.may_register(scope_of(request.user), edition):
        raise PermissionDenied(_("You enter activities for no unit, or this edition takes no more."))
    return edition


@require_safe
@organiser_required
def template(request: OrganiserRequest, edition: str, ending: str) -> HttpResponseBase:
    """A table with our heads, to fill in."""
    get_object_or_404(editions_published(), slug=edition)
    return _file(request, columns.heads(chinese=_chinese()), [], ending, f"{edition}-template")


@require_safe
@organiser_required
def export(request: OrganiserRequest, edition: str, ending: str) -> HttpResponseBase:
    """The list as it is filtered, as a file that can be read in again."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    visible = queries.activities_visible_to(request.user, scope).filter(edition=the_edition)
    asked = DeskFilter(request.GET, edition=the_edition).asked()
    rows = queries.listed(visible, asked, scope)
    rows = queries.with_partners(rows.filter(status=asked.state) if asked.state else rows)
    head = [*columns.heads(chinese=_chinese()), _("State")]
    found = ([*columns.row_of(row), str(row.get_status_display())] for row in piecemeal(rows))
    return _file(request, head, found, ending, f"{edition}-activities")


def _file(
    request: OrganiserRequest, head: list[str], rows: Iterable[list[Any]], ending: str, name: str
) -> HttpResponseBase:
    sheet = Sheet(_("Activities"), tuple(Col(title) for title in head), rows)
    body = workbook_pieces([sheet]) if ending == "xlsx" else csv_pieces(chain([head], rows))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return streamed(request, body, content_type=MEDIA_TYPES[ending], headers=headers)


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")
