"""The public pages of the contest. They show; what is played and kept goes through the arena's API."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings as conf
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, week_of
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.knowledge import queries
from cyberweek.knowledge.core.grading import AnswersRefusedError, Question, mark_paper
from cyberweek.knowledge.core.practice import practice_share
from cyberweek.knowledge.core.release import Item, Pack, Reference, Text
from cyberweek.knowledge.enums import Phase
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import groups as group_queries
from cyberweek.knowledge.queries.proofs import ledger_tip
from cyberweek.passport.enums import Band
from cyberweek.regions.enums import Sector
from cyberweek.regions.models import Region
from cyberweek.regions.queries import path_to, regions_directly_under, regions_within, steps_to

from . import telling, words
from .proofs import key_context


class Listed(NamedTuple):
    contest: Contest
    pack: Pack
    phase: Phase
    told: str


def contest_list(request: HttpRequest, edition: str) -> HttpResponse:
    """What can be played in this edition, the passport, and the papers of this phone."""
    found = _edition(edition)
    if request.headers.get("HX-Request"):
        return _regions(request, found)
    now = timezone.now()
    contests = [
        Listed(contest, pack, contest.phase(now), _told(found, pack))
        for contest in queries.contests_published(found)
        if (pack := queries.current_pack(contest))
    ]
    contests.sort(key=lambda row: _turn(row.phase))
    results = {row.contest.slug: reverse("knowledge:result", args=[edition, row.contest.slug]) for row in contests}
    return _page(
        request, "contest_list", found, contests=contests, practised=any(row.contest.practice for row in contests),
        settings={"results": results, "regions": request.path}, words=words.RESULT | words.PASSPORT, **_passport_form(request, found),
    )  # fmt: skip


def play(request: HttpRequest, edition: str, contest: str) -> HttpResponse:
    """The paper itself. Needs its script: answers go to the arena and stay on the phone until they are there."""
    found, played, pack = _contest(edition, contest)
    return _page(
        request, "play", found,
        contest=played, pack=pack, phase=played.phase(timezone.now()), told=_told(found, pack),
        settings=_settings(found, played, pack), words=words.PLAY | words.PASSPORT,
        **_passport_form(request, found),
    )  # fmt: skip


def result(request: HttpRequest, edition: str, contest: str) -> HttpResponse:
    """The result of a paper of this phone: the frame of it. The rest is in the phone, not in the address."""
    found, played, pack = _contest(edition, contest)
    return _page(
        request, "result", found,
        contest=played, pack=pack, open=played.phase(timezone.now()) == Phase.OPEN,
        settings=_settings(found, played, pack), words=words.RESULT, tip=ledger_tip(), **key_context(),
    )  # fmt: skip


def practice(request: HttpRequest, edition: str, contest: str) -> HttpResponse:
    """One item at a time, explained at once; nothing is kept, nothing counts. Only the practice share: see its module."""
    found, played, pack = _contest(edition, contest)
    items = practice_share(pack) if played.practice else []
    if not items:
        raise Http404
    asked = request.GET.get("item", items[0].id)
    place = next((i for i, item in enumerate(items) if item.id == asked), None)
    if place is None:
        raise Http404
    codes = [quota.topic for quota in pack.blueprint]
    topics = {topic.code: topic for topic in queries.topics()}
    return _page(
        request, "practice", found,
        contest=played, topic=topics.get(items[place].topic), segment=codes.index(items[place].topic) + 1,
        segments=len(codes), place=place + 1, count=len(items),
        following=items[place + 1] if place + 1 < len(items) else None, **_asked(request, items[place]),
    )  # fmt: skip


def boards(request: HttpRequest, edition: str) -> HttpResponse:
    """The best of the nation, a province, a city: from the arena's standings, as of now."""
    found, now = _edition(edition), timezone.now()
    contests = sorted(queries.contests_published(found), key=lambda one: _turn(one.phase(now)))
    asked = request.GET.get("contest")
    shown = next((one for one in contests if one.slug == asked), contests[0] if contests else None)
    region = _region(found, request.GET.get("region", ""))
    figures = _figures(request, shown, region) if shown else {}
    return _page(
        request, "boards", found, contests=contests, contest=shown, region=region, path=path_to(region), now=now,
        open=shown is not None and shown.phase(now) == Phase.OPEN,
        over=shown is not None and shown.phase(now) == Phase.OVER, **figures,
        settings={"contest": shown.slug if shown else "", "region": region.code}, words=words.BOARDS,
    )  # fmt: skip


def passport(request: HttpRequest, edition: str) -> HttpResponse:
    """What is stored of a participant, how it moves to another phone, how it is forgotten."""
    found = _edition(edition)
    settings = {"regions": reverse("knowledge:contest-list", args=[edition])}
    return _page(
        request, "passport", found, settings=settings, words=words.PASSPORT, forget_days=conf.FORGET_DAYS,
        **_passport_form(request, found),
    )  # fmt: skip


def _turn(phase: Phase) -> int:
    """What can be played stands first, what will be next, what was last."""
    return [Phase.OPEN, Phase.BEFORE, Phase.OVER].index(phase)


# -- What the pages share --------------------------------------------------------------------------------------------------


def _edition(slug: str) -> Edition:
    return get_object_or_404(editions_published(), slug=slug)


def _contest(edition: str, slug: str) -> tuple[Edition, Contest, Pack]:
    found = _edition(edition)
    contest = get_object_or_404(queries.contests_published(found), slug=slug)
    pack = queries.current_pack(contest)
    if pack is None:
        raise Http404
    return found, contest, pack


def _page(request: HttpRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    frame = {"edition": edition, "week": week_of(edition, now=timezone.now())}
    return render(request, f"knowledge/{name}.html", frame | context)


def _told(edition: Edition, pack: Pack) -> str:
    """The rules in plain sentences."""
    if pack.stage is None:
        return telling.told(pack)
    after = queries.contests_published(edition).filter(slug=pack.stage.after).first()
    return telling.told(pack, after=str(after.title) if after else "")


def _settings(edition: Edition, contest: Contest, pack: Pack) -> dict[str, Any]:
    """What the scripts of a contest have to know. Topics go by the blueprint, and so does every paper."""
    topics = {topic.code: topic for topic in queries.topics()}
    address = [edition.slug, contest.slug]
    nation = path_to(edition.scope)[0]
    return {
        "contest": contest.slug,
        "title": str(contest.title),
        "zone": pack.zone,
        "form": pack.form,
        "items": pack.items,
        "code": "needed" if pack.closed else "welcome" if pack.groups else "",
        "teams": reverse("knowledge:boards", args=[edition.slug]) + f"?contest={contest.slug}&view=teams",
        "ranked_teams": bool(pack.team_minimum),
        "attempts": pack.attempts_per_day,
        "grace": pack.grace_seconds,
        "points": pack.points,
        "topics": [
            {"name": str(topics[quota.topic].name), "hue": topics[quota.topic].hue, "count": quota.count}
            for quota in pack.blueprint
        ],
        "result": reverse("knowledge:result", args=address),
        "regions": reverse("knowledge:contest-list", args=[edition.slug]),
        "nation": {"code": nation.code, "name": str(nation.name)},
    }


def _region(edition: Edition, code: str) -> Region:
    """The region asked for; without one, where the edition is held. An unknown one is 404."""
    return get_object_or_404(regions_within(edition.scope.ancestry[0]), code=code) if code else edition.scope


def _passport_form(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    steps = steps_to(edition.scope.ancestry[0], request.GET.getlist("region"))
    return {"bands": Band.choices, "sectors": Sector.choices, "steps": steps}


def _regions(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The fields of the region picker alone: what the script puts in their place."""
    response = render(request, "knowledge/_regions.html", _passport_form(request, edition))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _figures(request: HttpRequest, contest: Contest, region: Region) -> dict[str, Any]:
    """What the page of boards shows: the board of a region with its parts, or, where there are any, of the teams."""
    ranked = contest.team_minimum
    if ranked is None or request.GET.get("view") != "teams":
        return {"board": queries.board_of(contest, region), "parts": _parts(contest, region), "ranked": ranked}
    names = {group.code: group.name for group in contest.groups.all()}
    teams = [(row, names.get(row.team, row.team)) for row in group_queries.team_board(contest, ranked)]
    return {"teams": teams, "minimum": ranked, "ranked": ranked, "view": "teams"}


def _parts(contest: Contest, region: Region) -> list[dict[str, Any]]:
    """The regions directly under this one, most people first; a number under ten is not told."""
    figures = queries.region_figures(contest, regions_directly_under(region.code))
    figures.sort(key=lambda figure: -figure.participants if figure.participants >= queries.WITHHELD_BELOW else 0)
    return [
        {"region": region, "people": people, "few": 0 < people < queries.WITHHELD_BELOW}
        for region, people, _papers in figures
    ]


def _asked(request: HttpRequest, item: Item) -> dict[str, Any]:
    """The item as the page shows it; with an answer also how that fits. One that cannot be an answer is 404."""
    chosen = tuple(request.GET.getlist("answer"))
    try:
        result = mark_paper([Question(item)], {item.id: chosen}).grade
    except AnswersRefusedError as error:
        raise Http404(str(error)) from error
    options = [
        {
            "letter": letter,
            "id": option.id,
            "text": _text(option.text),
            "chosen": option.id in chosen,
            "right": bool(chosen) and option.id in item.key,
        }
        for letter, option in zip("ABCDEFGH", item.options, strict=False)
    ]
    shown = {"id": item.id, "kind": item.kind, "stem": _text(item.stem), "options": options}
    if not chosen:
        return {"item": shown, "forgotten": "check" in request.GET}
    shown |= {"explanation": _text(item.explanation), "cited": cited(item.reference)}
    return {"item": shown, "marked": True, "right": bool(result.correct)}


def _text(text: Text) -> LocalizedText:
    return LocalizedText(dict(text.items()))


def cited(reference: Reference) -> str:
    """The source of an answer in one line: law, version and article, or guide and section."""
    parts = {
        "title": str(_text(reference.title)),
        "version": reference.version,
        "article": reference.article,
        "section": reference.section,
    }
    if reference.article:
        return words.CITE_LAW % parts
    return words.CITE_SECTION % parts if reference.section else str(parts["title"])
