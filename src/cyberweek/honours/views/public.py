"""The casebook, a case to read, print and reuse, and a call as the public sees it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, week_of
from cyberweek.honours import queries
from cyberweek.honours.enums import State
from cyberweek.honours.formats.markdown import case_text
from cyberweek.honours.forms import CaseFilter
from cyberweek.honours.models import Entry
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.kernel.views import Keyed, page_of

from .files import send_file
from .shared import page

_PAGE = 20


@require_safe
def case_list(request: HttpRequest, edition: str) -> HttpResponse:
    """The casebook of all editions, searched and filtered; and the calls of this one that concern the public now."""
    found = get_object_or_404(editions_published(), slug=edition)
    form = CaseFilter(request.GET, years=queries.years_with_cases())
    asked = form.asked()
    rows = queries.narrowed(queries.cases_published(), asked)
    calls = [call for call in queries.calls_announced(found) if call.state in {State.OPEN, State.OBJECTION}]
    return _page(
        request, "case_list", found, form=form, asked=asked, page=page_of(Keyed(rows), request, size=_PAGE), calls=calls
    )


@require_safe
def case_detail(request: HttpRequest, edition: str, case: int) -> HttpResponseBase:
    """One case; under another edition's address it leads to its own."""
    found, shown = _case(edition, case)
    if shown.call.edition_id != found.pk:
        return redirect("honours:case-detail", shown.call.edition.slug, shown.pk, permanent=True)
    files = list(shown.files.select_related("attachment"))
    similar = queries.cases_like(shown)
    return _page(
        request, "case_detail", found, case=shown, figures=queries.shown_figures(shown), files=files, similar=similar
    )


@require_safe
def case_download(request: HttpRequest, edition: str, case: int) -> HttpResponse:
    """The case as text to adopt: what was done, what is needed, whom to name. In the language of the page."""
    _found, shown = _case(edition, case)
    tag = next((one for one in LANGUAGES if one.lower() == (get_language() or "").lower()), "en")
    address = request.build_absolute_uri(request.path.removesuffix("adopt.md"))
    response = HttpResponse(case_text(shown, address=address), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="case-{shown.pk}.{tag}.md"'
    return response


@require_safe
def case_file(request: HttpRequest, edition: str, case: int, number: int) -> HttpResponseBase:
    """A file of a published case."""
    _found, shown = _case(edition, case)
    file = get_object_or_404(shown.files.select_related("attachment"), number=number)
    return send_file(file, request=request, name=file.blind_name)


@require_safe
def call_detail(request: HttpRequest, edition: str, call: int) -> HttpResponse:
    """A call: what is asked and by what it is judged; later its shortlist, open to objections; at last the awards."""
    found = get_object_or_404(editions_published(), slug=edition)
    shown = get_object_or_404(queries.calls_announced(found), pk=call)
    return _page(
        request, "call_detail", found, call=shown, criteria=list(shown.criteria.all()), now=timezone.now(),
        awards=list(queries.shortlist_of(shown)), places=[(queries.award_label(one), n) for one, n in shown.places()],
        objections=queries.objections_decided(shown),
    )  # fmt: skip


def _case(edition: str, case: int) -> tuple[Edition, Entry]:
    found = get_object_or_404(editions_published(), slug=edition)
    return found, get_object_or_404(queries.cases_published(), pk=case)


def _page(request: HttpRequest, name: str, edition: Edition, **context: object) -> HttpResponse:
    return page(request, name, edition, week=week_of(edition, now=timezone.now()), **context)
