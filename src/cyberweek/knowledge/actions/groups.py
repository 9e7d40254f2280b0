from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from cyberweek.kernel.actions import record
from cyberweek.knowledge.models import Group

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def renew_code(*, group: Group, by: User | None) -> Group:
    """Another code for a group whose old one got about. The old one is good until the next release."""
    return _change(group, generation=group.generation + 1, by=by, verb="group.renew")


def withdraw_group(*, group: Group, withdrawn: bool, by: User | None) -> Group:
    """Take nobody in any more, or again; who has joined stays on the boards, from the next release on."""
    return _change(group, withdrawn=withdrawn, by=by, verb="group.withdraw" if withdrawn else "group.restore")


@transaction.atomic
def _change(group: Group, *, by: User | None, verb: str, **values: int) -> Group:
    """Asked for twice at once (two people, one button), a code is renewed once: the values are those that were seen."""
    group = Group.objects.select_for_update(of=("self",)).select_related("contest").get(pk=group.pk)
    before = {name: getattr(group, name) for name in values}
    for name, value in values.items():
        setattr(group, name, value)
    group.save(update_fields=list(values))
    record(actor=by, verb=verb, thing=group, unit=group.contest.owner_id, before=before, after=dict(values))
    return group
