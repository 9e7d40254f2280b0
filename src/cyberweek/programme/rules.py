"""Who may do what with an activity: the scope rule of regions and the table of moderation, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.programme.core.moderation import Act, Leave, editable, follows, granted, open_acts
from cyberweek.programme.models import Activity
from cyberweek.regions.queries import Scope

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def leave_over(scope: Scope, activity: Activity) -> frozenset[Leave]:
    """What a person's posts grant over an activity, by its lead organiser (wants `lead` fetched)."""
    above = set(activity.lead.ancestry)
    held = {Leave.CHANGE: scope.editing, Leave.DECIDE: scope.reviewing}
    return frozenset(leave for leave, units in held.items() if units & above)


def may_register(scope: Scope, edition: Edition) -> bool:
    """True when the person enters things for some unit and the edition still takes them."""
    return bool(scope.editing) and takes_activities(edition)


def takes_activities(edition: Edition) -> bool:
    """False once an edition is closed."""
    return edition.stage not in {Stage.CLOSED, Stage.ARCHIVED}


def may_edit(scope: Scope, activity: Activity) -> bool:
    return editable(activity.status, leave_over(scope, activity))


def acts_open(scope: Scope, activity: Activity) -> list[Act]:
    """The steps that this person may take with the activity now."""
    return open_acts(activity.status, leave_over(scope, activity))


def may_take(scope: Scope, activity: Activity, act: Act) -> bool:
    """True when the person may take this step with the activity, whatever state it is in."""
    return granted(act, leave_over(scope, activity))


def refusal(scope: Scope, activity: Activity, act: Act) -> _StrPromise | None:
    """Why the person cannot take this step now, or None when they can."""
    if not may_take(scope, activity, act):
        return _("it is not yours to decide on")
    return None if follows(activity.status, act) else not_now(act)


def not_now(act: Act) -> _StrPromise:
    """Why a step does not follow from the state that an activity is in."""
    return {
        Act.SUBMIT: _("only a draft or something sent back can be sent in"),
        Act.APPROVE: _("only something sent in can be approved"),
        Act.RETURN: _("only something sent in can be sent back"),
        Act.PUBLISH: _("only something approved can be published"),
        Act.CANCEL: _("it is cancelled already"),
    }[act]
