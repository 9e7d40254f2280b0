"""Public pages on which a result can be checked: the ledger's heads, a receipt, a contest's export."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_safe

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, week_of
from cyberweek.kernel.views import page_of
from cyberweek.knowledge import queries
from cyberweek.knowledge.core.exports import fingerprint, key_text
from cyberweek.knowledge.enums import Phase
from cyberweek.knowledge.forms import ReceiptForm
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import proofs as reads

from . import downloads
from .addresses import host

HEADS_ON_A_PAGE = 48
HEADS_IN_A_FEED = 100


@require_safe
def ledger(request: HttpRequest, edition: str) -> HttpResponse:
    """The head now, the key, and the heads that were published hour by hour."""
    found = _edition(edition)
    heads = page_of(reads.published_heads(), request, size=HEADS_ON_A_PAGE)
    return _page(request, "ledger", found, tip=reads.ledger_tip(), heads=heads, **key_context())


@require_safe
@conditional_page
def ledger_feed(request: HttpRequest, edition: str) -> HttpResponse:
    """Published heads as Atom; `?every=day` gives the last one of each day, by the edition's calendar."""
    found = _edition(edition)
    heads = reads.daily_heads(found.tz) if request.GET.get("every") == "day" else reads.published_heads()
    page = host(request) + reverse("knowledge:ledger", args=[edition])
    feed = Atom1Feed(
        title=_("Ledger of %(edition)s") % {"edition": found.title}, link=page, description=None,
        feed_url=host(request) + request.get_full_path(), language=get_language(), feed_guid=page,
    )  # fmt: skip
    for head in heads[:HEADS_IN_A_FEED]:
        feed.add_item(
            title=_("Batch %(batch)d: %(head)s") % {"batch": head.batch, "head": head.head}, link=page,
            description=head.head, unique_id=f"{page}#batch-{head.batch}", updateddate=head.published,
            pubdate=head.published,
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@never_cache
def ledger_check(request: HttpRequest, edition: str) -> HttpResponse:
    """A receipt is checked on the server: not every browser knows Ed25519. What is sent is not kept."""
    found = _edition(edition)
    form = ReceiptForm(request.POST or None)
    checked = contest = None
    if request.method == "POST" and form.is_valid():
        checked = reads.receipt_checked(form.cleaned_data["receipt"])
        if checked.entry is None:
            form.add_error(
                "receipt", _("This is not a receipt of this server, or a character of it is missing or wrong.")
            )
        else:
            contest = reads.contests_of_receipts().filter(slug=checked.entry.contest).first()
    return _page(request, "ledger_check", found, form=form, checked=checked, contest=contest, **key_context())


@require_safe
def export(request: HttpRequest, edition: str, contest: str, last: int) -> HttpResponseBase:
    """The export as a file. Never while the contest is open: it holds the keys and the salt of the papers."""
    found = _edition(edition)
    wanted = get_object_or_404(queries.contests_published(found), slug=contest)
    offered = reads.exports_of(wanted).filter(last=last).first()
    if offered is None or wanted.phase(timezone.now()) != Phase.OVER:
        raise Http404
    return downloads.send(request, offered, f"cyberweek-{contest}-{last}.txt")


def proof_context(contest: Contest, now: dt.datetime) -> dict[str, Any]:
    """What the section “_results_proof.html” of a contest's results shows."""
    over = contest.phase(now) == Phase.OVER
    exports = list(reads.exports_of(contest)) if over else []
    waits_for = reads.contests_that_share_items(contest, now) if over and not exports else []
    return {"over": over, "exports": exports, "waits_for": waits_for, "tip": reads.ledger_tip(), **key_context()}


def key_context() -> dict[str, str]:
    """The ledger's public key, as it is typed and as it is read aloud."""
    key = reads.ledger_key()
    return {"key": key_text(key), "fingerprint": fingerprint(key)}


def _edition(slug: str) -> Edition:
    return get_object_or_404(editions_published(), slug=slug)


def _page(request: HttpRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    form = context.get("form")
    status = 422 if form is not None and form.errors else 200
    frame = {"edition": edition, "week": week_of(edition, now=timezone.now())}
    return render(request, f"knowledge/{name}.html", frame | context, status=status)
