"""Public pages of a contest's results: earlier ones with the reasons why they changed, exclusions, an objection."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.kernel.core.tokens import ForgedTokenError
from cyberweek.kernel.views import page_of
from cyberweek.knowledge import actions, queries
from cyberweek.knowledge.forms.rulings import ObjectionForm
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import results as reads
from cyberweek.passport.core.passports import PassportOffice


def rulings_on(request: HttpRequest, contest: Contest) -> dict[str, Any]:
    """What `_results_rulings.html` wants."""
    return {
        "page": page_of(reads.versions_of(contest), request, size=20),
        "exclusions": reads.exclusion_counts(contest),
    }


def version(request: HttpRequest, edition: str, contest: str, number: int) -> HttpResponse:
    """An earlier result: its boards as they were."""
    found, shown = _contest(edition, contest)
    kept = get_object_or_404(reads.versions_of(shown).defer(None), number=number)
    regions = reads.regions_then(kept)
    asked = request.GET.get("region", "")
    region = next((one for one in regions if one.code == asked), None) if asked else next(iter(regions), found.scope)
    if region is None:
        raise Http404
    return _page(
        request, "result_version", found, contest=shown, version=kept, regions=regions, region=region,
        rows=reads.board_then(kept, region),
    )  # fmt: skip


@never_cache
def objection(request: HttpRequest, edition: str, contest: str) -> HttpResponse:
    """An excluded participant reads why, objects, and reads the answer. The passport comes with the form."""
    found, shown = _contest(edition, contest)
    form = ObjectionForm(request.POST or None)
    exclusion = None
    if request.method == "POST" and form.is_valid():
        participant = _holder(form.cleaned_data["passport"])
        if participant is None:
            form.add_error("passport", _("This passport was not issued here, or it has expired."))
        else:
            exclusion = reads.exclusion_of(shown, participant)
            if request.POST.get("look") is None:
                _object(form, shown, participant)
                exclusion = reads.exclusion_of(shown, participant)
            elif exclusion is None:
                form.add_error(None, _("This passport is not excluded from this contest."))
    now = timezone.now()
    may_object = exclusion is not None and exclusion.lifted is None and now <= exclusion.object_until
    said = getattr(exclusion, "objection", None)
    return _page(
        request, "objection", found, contest=shown, form=form, exclusion=exclusion, objection=said,
        may_object=may_object and said is None, settings={"contest": shown.slug},
    )  # fmt: skip


def _object(form: ObjectionForm, contest: Contest, participant: UUID) -> None:
    try:
        actions.make_objection(
            contest=contest, participant=participant, text=form.cleaned_data["text"], now=timezone.now()
        )
    except actions.RulingRefusedError as refused:
        form.refuse(refused.faults)


def _holder(token: str) -> UUID | None:
    """Whose passport it is; None when it was not issued here or has expired."""
    try:
        now_ms = int(timezone.now().timestamp() * 1000)
        return UUID(PassportOffice(settings.SECRET_KEY).open(token.strip(), now_ms).participant)
    except ForgedTokenError:
        return None


def _contest(edition: str, slug: str) -> tuple[Edition, Contest]:
    found = get_object_or_404(editions_published(), slug=edition)
    contest = get_object_or_404(queries.contests_published(found), slug=slug)
    contest.edition = found
    return found, contest


def _page(request: HttpRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    form = context.get("form")
    status = 422 if form is not None and form.errors else 200
    return render(request, f"knowledge/{name}.html", {"edition": edition, **context}, status=status)
