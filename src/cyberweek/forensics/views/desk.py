"""Flags on the desk: listed, opened to their evidence, dismissed with a reason; exclusions are made where papers are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.forensics import actions, jobs, queries
from cyberweek.forensics.enums import Rule
from cyberweek.forensics.forms import DismissForm
from cyberweek.kernel.views import once, page_of
from cyberweek.knowledge.views.rulings import ruled_contest


@organiser_required
def flag_list(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """What the rules have found, and when they last looked."""
    found, shown = ruled_contest(request, edition, contest)
    waiting = queries.open_flags_by_rule(shown)
    rule = request.GET.get("rule", "")
    flags = queries.flags_of(shown).filter(rule=rule) if rule in Rule.values else queries.flags_of(shown)
    context = {
        "edition": found, "contest": shown, "page": page_of(flags, request), "rule": rule,
        "rules": [(value, label, waiting.get(value, 0)) for value, label in Rule.choices],
        "inspection": queries.last_inspection(shown),
    }  # fmt: skip
    return render(request, "forensics/flag_list.html", context)


@organiser_required
def flag_detail(request: OrganiserRequest, edition: str, contest: str, pk: int) -> HttpResponse:
    """One flag with its evidence; here it is dismissed."""
    found, shown = ruled_contest(request, edition, contest)
    flag = get_object_or_404(queries.flags_of(shown), pk=pk)
    form = DismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.dismiss_flag(flag=flag, words=form.cleaned_data["words"], by=request.user, now=timezone.now())
        except actions.NotDismissedError:
            form.add_error(None, _("Somebody else has dismissed it meanwhile."))
        else:
            messages.success(request, _("Dismissed. The flag and your reason stay on record."))
            return redirect("forensics:list", found.slug, shown.slug)
    context = {
        "edition": found, "contest": shown, "flag": flag, "form": form,
        "suspects": queries.suspects_of(shown, flag.participants), "errors": queries.errors_of(flag),
    }  # fmt: skip
    return render(request, "forensics/flag_detail.html", context, status=422 if form.errors else 200)


@require_POST
@organiser_required
@once
def inspect(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Ask for an inspection now."""
    found, shown = ruled_contest(request, edition, contest)
    jobs.inspect_now.defer(contest=shown.pk, asked=int(timezone.now().timestamp()))
    messages.success(request, _("The papers are being looked at. This page shows what is found."))
    return redirect("forensics:list", found.slug, shown.slug)
