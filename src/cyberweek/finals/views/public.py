"""Public pages: the finals of an edition, one final and its result, the big screen, and a team's phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_protect

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, week_of
from cyberweek.finals import actions, queries
from cyberweek.finals.api import COOKIE, now_ms, public_final
from cyberweek.finals.core.summary import interferences, lines_of
from cyberweek.finals.enums import StepWord
from cyberweek.finals.queries import Standing
from cyberweek.kernel.core.localized import LocalizedText

from . import words

_COOKIE_SECONDS = 3 * 86400


def final_list(request: HttpRequest, edition: str) -> HttpResponse:
    """The finals of an edition that have been opened."""
    found = get_object_or_404(editions_published(), slug=edition)
    return _page(request, "final_list", found, finals=queries.finals_public(found))


def final_detail(request: HttpRequest, edition: str, final: str) -> HttpResponse:
    """A final: who leads, and once it is over the result with its log and the hash of its events."""
    shown = public_final(edition, final)
    standing = queries.standing_of(shown)
    return _page(
        request, "final_detail", shown.edition, final=shown, standing=standing, ranking=_ranking(standing),
        lines=_lines(standing), acts=_acts(standing), team_address=reverse("finals:team", args=[edition, final]),
    )  # fmt: skip


def screen(request: HttpRequest, edition: str, final: str) -> HttpResponse:
    """The big screen of the hall."""
    shown = public_final(edition, final)
    address = [edition, final]
    settings = {name: reverse(f"finals:screen-{name}", args=address) for name in ("state", "stream")}
    return _page(
        request, "screen", shown.edition, final=shown, settings=settings, words=words.SHARED | words.SCREEN,
    )  # fmt: skip


@csrf_protect
def team(request: HttpRequest, edition: str, final: str) -> HttpResponse:
    """A team's phone; without its cookie, the form that asks for the team's code."""
    shown = public_final(edition, final)
    problem, code = "", request.GET.get("code", "")[:20]
    if request.method == "POST":
        code = request.POST.get("code", "")[:40]
        try:
            joined = actions.join_team(final=shown, code=code, now_ms=now_ms())
        except actions.RefusedError as refused:
            problem = str(refused.reason.label)
        else:
            answer = redirect("finals:team", edition, final)
            answer.set_cookie(
                COOKIE, queries.token_of(joined), max_age=_COOKIE_SECONDS, httponly=True, samesite="Lax",
                secure=request.is_secure(), path=reverse("finals:team", args=[edition, final]),
            )  # fmt: skip
            return answer
    mine = None if code else queries.team_of(shown, request.COOKIES.get(COOKIE, ""))
    name = "team" if mine else "team_join"
    return _page(
        request, name, shown.edition, final=shown, team=mine[0] if mine else None, code=code, problem=problem,
        settings=_team_addresses(edition, final), words=words.SHARED | words.TEAM,
    )  # fmt: skip


def _team_addresses(edition: str, final: str) -> dict[str, str]:
    names = ("state", "stream", "echo", "buzz", "answer", "choose")
    return {name: reverse(f"finals:team-{name}", args=[edition, final]) for name in names} | {
        "join": reverse("finals:team", args=[edition, final])
    }


def _ranking(standing: Standing) -> list[dict[str, Any]]:
    state, scores = standing.state, standing.state.scores
    return [
        {"place": place, "name": state.setup.names[team - 1], "score": scores[team]} for team, place in state.places()
    ]


def _lines(standing: Standing) -> list[dict[str, Any]]:
    """The items that were judged, for the page: an item on the table is not told of here."""
    names, live = standing.state.setup.names, standing.state.item
    rows = []
    for line in lines_of(standing.state.setup, standing.events):
        if standing.state.stage != "over" and live is not None and line.item == standing.state.setup.items[live]:
            continue
        results = [
            {"name": names[mark.team - 1], "mark": mark, "answer": line.answers.get(mark.team, "")}
            for mark in line.marks
        ]
        stem = LocalizedText({str(tag): text for tag, text in line.item.stem.items()})
        rows.append({"round": line.round, "stem": stem, "results": results})
    return rows


def _acts(standing: Standing) -> list[dict[str, Any]]:
    names, zone = standing.state.setup.names, standing.final.edition.tz
    return [
        {
            "act": act,
            "what": StepWord(act.what).label,
            "name": names[act.team - 1] if act.team else "",
            "at": dt.datetime.fromtimestamp(act.at / 1000, zone),
        }
        for act in interferences(standing.events)
    ]


def _page(request: HttpRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    frame = {"edition": edition, "week": week_of(edition, now=timezone.now())}
    status = 422 if context.get("problem") else 200
    return render(request, f"finals/{name}.html", frame | context, status=status)
