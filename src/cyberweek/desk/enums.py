"""The acts that the audit trail keeps, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ACTS: Final[dict[str, _StrPromise]] = {
    "activity.register": _("registered an activity"),
    "activity.edit": _("edited an activity"),
    "activity.submit": _("sent in an activity"),
    "activity.return": _("sent back an activity"),
    "activity.approve": _("approved an activity"),
    "activity.publish": _("published an activity"),
    "activity.cancel": _("cancelled an activity"),
    "activity.import": _("imported activities"),
    "attachment.keep": _("added a file"),
    "attachment.forget": _("deleted a file that nothing used"),
    "claim.invite": _("invited a winner to claim"),
    "claim.leave-contact": _("left a contact"),
    "claim.withdraw-contact": _("withdrew a contact"),
    "claim.confirm-name": _("confirmed a name"),
    "claim.open-contact": _("opened a contact"),
    "claim.forget-contact": _("deleted a contact on its date"),
    "contest.create": _("made a contest"),
    "contest.edit": _("edited a contest"),
    "contest.move": _("moved a contest"),
    "contest.publish": _("published a contest"),
    "contest.exclude": _("excluded a participant"),
    "contest.readmit": _("readmitted a participant"),
    "contest.object": _("took in an objection"),
    "contest.decide-objection": _("decided an objection"),
    "contest.objection-days": _("set the time for objections"),
    "contest.regrade": _("regraded a contest"),
    "contest.export": _("exported a contest"),
    "draw.announce": _("announced a draw"),
    "draw.freeze": _("froze the entries of a draw"),
    "draw.reveal": _("drew"),
    "final.create": _("made a final"),
    "final.edit": _("edited a final"),
    "final.open": _("opened a final"),
    "flag.dismiss": _("dismissed a flag"),
    "group.restore": _("brought a group back"),
    "group.renew": _("gave a group a new code"),
    "group.withdraw": _("withdrew a group"),
    "promotion.decline": _("noted a declined place"),
    "promotion.publish": _("published a promotion list"),
    "item.create": _("wrote an item"),
    "item.edit": _("edited an item"),
    "item.retire": _("retired an item"),
    "item.restore": _("restored an item"),
    "edition.open": _("opened an edition"),
    "edition.edit": _("edited an edition"),
    "edition.stage": _("changed the stage of an edition"),
    "edition.rehearse": _("rehearsed an edition"),
    "edition.end-rehearsal": _("ended a rehearsal"),
    "edition.front-page": _("changed the front page"),
    "edition.theme-days": _("arranged the theme days"),
    "edition.organisers": _("arranged the organisers"),
    "region.load": _("loaded regions"),
    "unit.create": _("entered a unit"),
    "unit.edit": _("edited a unit"),
    "unit.move": _("moved a unit"),
    "unit.name-accountable": _("named who is accountable"),
    "post.appoint": _("gave a post"),
    "post.change": _("changed a post"),
    "post.dismiss": _("ended a post"),
    "user.create": _("made an account"),
    "user.edit": _("edited their page"),
    "user.sign-in": _("signed in"),
    "user.change-password": _("changed their password"),
    "user.renew-access": _("gave a first password"),
    "user.second-factor": _("set up a second factor"),
    "user.recovery-codes": _("made recovery codes"),
}


def act_in_words(verb: str) -> str:
    """What was done, in the active language; an act that has no words here yet is given as it is kept."""
    return str(ACTS.get(verb, verb))
