"""Contests and their releases on the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.views import once, page_of
from cyberweek.knowledge import actions, queries, rules
from cyberweek.knowledge.core.changes import Changes
from cyberweek.knowledge.core.presets import PRESETS, spread
from cyberweek.knowledge.enums import Preset
from cyberweek.knowledge.forms import ContestForm
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import promotions
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import units_changeable_by

from . import telling


@organiser_required
def contest_list(request: OrganiserRequest, edition: str) -> HttpResponse:
    """An edition's contests that the person sees."""
    found = _edition(edition)
    page = page_of(queries.contests_on_desk(request.user, found), request)
    now = timezone.now()
    return _page(
        request, "desk_contest_list", found, page=page, rows=[(contest, contest.phase(now)) for contest in page],
        may_write=rules.may_write(request.user),
    )  # fmt: skip


@organiser_required
def contest_detail(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """A contest: its rules, what a release would change, its releases, and what it has come to."""
    found, shown = find_contest(request, edition, contest)
    releases = list(queries.releases_of(shown)[:20])
    publishers = queries.publishers_of(releases)
    return _page(
        request, "desk_contest_detail", found, contest=shown, phase=shown.phase(timezone.now()),
        blueprint=_blueprint(shown), changes=_told(queries.unreleased_changes(shown)),
        releases=[(release, publishers.get(release.pk, "")) for release in releases],
        figures=queries.figures_of(shown, withheld_below=0), may_change=rules.may_change_contest(request.user, shown),
        may_publish=rules.may_publish(request.user, shown), told=_told_rules(shown),
    )  # fmt: skip


@organiser_required
@once
def contest_create(request: OrganiserRequest, edition: str) -> HttpResponse:
    """A new contest of this edition, as a draft."""
    found = _edition(edition)
    if not rules.may_write(request.user):
        raise PermissionDenied
    owners = units_changeable_by(request.user)
    form = ContestForm(
        request.POST or None, topics=queries.topics(), owners=owners, stages=_stages(request, found),
        preset=_preset(request, found.owner), initial=_usual_rules(found),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.create_contest(
                edition=found, owner=told["owner"], slug=told["slug"], title=told["title"], rules=form.rules(),
                by=request.user,
            )  # fmt: skip
        except actions.ContestRefusedError as refused:
            form.refuse(refused.faults)
        else:
            messages.success(request, _("The contest is saved. It can be played after its first release."))
            return redirect("knowledge:desk-contest-detail", found.slug, made.slug)
    return _form_page(request, found, form, owner=found.owner)


@organiser_required
def contest_edit(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Change title and rules; players get them with the next release."""
    found, edited = find_contest(request, edition, contest)
    if not rules.may_change_contest(request.user, edited):
        raise PermissionDenied
    owners = units_changeable_by(request.user)
    form = ContestForm(
        request.POST or None, topics=queries.topics(), owners=owners, stages=_stages(request, found, edited),
        preset=_preset(request, edited.owner), contest=edited,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        try:
            actions.edit_contest(contest=edited, title=title, rules=form.rules(), by=request.user, now=timezone.now())
        except actions.ContestRefusedError as refused:
            form.refuse(refused.faults)
        else:
            messages.success(request, _("The rules are saved. Players get them with the next release."))
            return redirect("knowledge:desk-contest-detail", found.slug, edited.slug)
    return _form_page(request, found, form, owner=edited.owner, contest=edited)


@require_POST
@organiser_required
def contest_publish(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Make the next release."""
    found, published = find_contest(request, edition, contest)
    if not rules.may_publish(request.user, published):
        raise PermissionDenied
    try:
        release = actions.publish_release(contest=published, by=request.user, now=timezone.now())
    except actions.ContestRefusedError as refused:
        messages.error(request, _("Not released: %(reasons)s") % {"reasons": " ".join(refused.reasons)}, "bad")
    except actions.NothingNewError:
        messages.warning(request, _("Nothing has changed since the last release, so none was made."), "warn")
    else:
        messages.success(
            request, _("Release %(number)d is out. New papers are drawn from it.") % {"number": release.number}
        )
    return redirect("knowledge:desk-contest-detail", found.slug, published.slug)


@organiser_required
def release_detail(request: OrganiserRequest, edition: str, contest: str, number: int) -> HttpResponse:
    """One release: when, by whom, its hash, its rules, its items and what it changed."""
    found, shown = find_contest(request, edition, contest)
    release = get_object_or_404(queries.releases_of(shown), number=number)
    pack = queries.pack_of(release)
    names = {topic.code: topic for topic in queries.topics()}
    blueprint = [
        (names.get(quota.topic, quota.topic), quota.count, sum(item.topic == quota.topic for item in pack.bank))
        for quota in pack.blueprint
    ]
    return _page(
        request, "desk_release_detail", found, contest=shown, release=release, pack=pack, blueprint=blueprint,
        changes=_told(queries.changes_of(release)), by=queries.publishers_of([release]).get(release.pk, ""),
    )  # fmt: skip


# -- What the views share --


def _edition(slug: str) -> Edition:
    return get_object_or_404(editions_published(), slug=slug)


def find_contest(request: OrganiserRequest, edition: str, slug: str) -> tuple[Edition, Contest]:
    """A published edition and one of its contests that the person sees; else 404."""
    found = _edition(edition)
    contest = queries.contests_visible_to(request.user).filter(edition=found, slug=slug).first()
    if contest is None:
        raise Http404
    contest.edition = found
    return found, contest


def _told_rules(contest: Contest) -> str:
    """The rules in plain sentences."""
    earlier = promotions.earlier_contest(contest)
    return telling.told(contest.rules(), after=str(earlier.title) if earlier else "")


def _blueprint(contest: Contest) -> list[tuple[Any, int, int]]:
    """Topic, how many are asked, how many are ready."""
    ready = queries.ready_by_topic(contest.owner)
    quotas = contest.quotas.select_related("topic")
    return [(quota.topic, quota.count, ready.get(quota.topic_id, 0)) for quota in quotas]


def _told(changes: Changes) -> dict[str, Any]:
    """The changes for a page: rules by name, items by code and question. Empty when nothing changes."""
    if not changes:
        return {}
    kinds = {"added": changes.added, "changed": changes.changed, "removed": changes.removed}
    told = {
        kind: [(item.id, LocalizedText({str(tag): text for tag, text in item.stem.items()})) for item in items]
        for kind, items in kinds.items()
    }
    return {"rules": changes.rules, **told}


def _stages(request: OrganiserRequest, edition: Edition, edited: Contest | None = None) -> dict[str, str]:
    """The contests of the edition that another one may follow, as far as the person sees them."""
    contests = queries.contests_visible_to(request.user).filter(edition=edition)
    return {one.slug: str(one.title) for one in contests if edited is None or one.slug != edited.slug}


def _preset(request: OrganiserRequest, owner: Unit) -> dict[str, Any]:
    """What `?preset=` fills in; nothing for an unknown one."""
    wanted = dict(PRESETS.get(request.GET.get("preset", ""), {}))
    if wanted:
        quotas = spread(wanted.pop("items"), queries.ready_by_topic(owner))
        wanted |= {f"quota_{topic}": count for topic, count in quotas.items()}
    return wanted


def _usual_rules(edition: Edition) -> dict[str, Any]:
    """What a new contest's form is filled with: the edition's days, and rules that many contests have."""
    return {
        "owner": edition.owner, "zone": edition.zone, "minutes": 10, "attempts_per_day": 3, "points": 5,
        "grace_seconds": 30, "practice": True, "opens": dt.datetime.combine(edition.starts, dt.time(8)),
        "closes": dt.datetime.combine(edition.ends, dt.time(22)),
    }  # fmt: skip


def _form_page(request: OrganiserRequest, edition: Edition, form: ContestForm, **context: Any) -> HttpResponse:
    ready = queries.ready_by_topic(context["owner"])
    quotas = [(topic, field, ready.get(topic.code, 0)) for topic, field in form.quotas()]
    contest = context.get("contest")
    opened = bool(contest and contest.has_opened(timezone.now()))
    return _page(
        request, "desk_contest_form", edition, form=form, quotas=quotas, opened=opened, presets=Preset.choices, **context
    )  # fmt: skip


def _page(request: OrganiserRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    status = 422 if "form" in context and request.method == "POST" else 200
    return render(request, f"knowledge/{name}.html", {"edition": edition, **context}, status=status)
