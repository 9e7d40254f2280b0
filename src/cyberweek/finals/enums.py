from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.enums import Fault


class FinalState(models.TextChoices):
    """Rules and teams may change in a draft alone; opening freezes them with the items."""

    DRAFT = "draft", _("Draft")
    LIVE = "live", _("Open")
    OVER = "over", _("Over")


class RoundKind(models.TextChoices):
    MUST = "must", _("Must-answer")
    CHOOSE = "choose", _("Choose a number")
    BUZZER = "buzzer", _("Buzzer")
    RISK = "risk", _("Risk items")


class StepWord(models.TextChoices):
    """What a host can undo, for the log."""

    SHOWN = "shown", _("item shown")
    ARMED = "armed", _("buzzers opened")
    JUDGED = "judged", _("item judged")
    OVERRULED = "overruled", _("judgement overruled")
    SCREEN = "screen", _("screen changed")
    CLOSED = "closed", _("round closed")
    TIEBREAK = "tiebreak", _("tie-break begun")
    FINISHED = "finished", _("final finished")


class FinalFault(Fault):
    """What can be wrong with the rules of a final, in the words of `core.rules`."""

    ODD_SLUG = "odd-slug", _("A short name has small letters, digits and single hyphens, as in youth-day.")
    RESERVED_SLUG = "reserved-slug", _("“%(slug)s” is the address of a page; take another name.")
    TAKEN_SLUG = "taken-slug", _("There is a final %(slug)s already.")
    TEAMS = "teams", _("%(least)d to %(limit)d teams can play; these are %(count)d.")
    SAME_TEAM = "same-team", _("Two teams are called “%(name)s”.")
    LONG_TEAM = "long-team", _("“%(name)s” is too long for a screen: at most %(limit)d characters.")
    NO_ROUNDS = "no-rounds", _("Choose at least one round.")
    MANY_ROUNDS = "many-rounds", _("At most %(limit)d rounds are possible.")
    SHORT_OF_ITEMS = (
        "short-of-items",
        _("These rounds and the tie-break take %(count)d items, only %(ready)d are ready."),
    )
    SPARES = "spares", _("0 to %(limit)d items can be kept for a tie-break.")
    ITEMS = "items", _("A round has 1 to %(limit)d items.")
    RIGHT = "right", _("A right answer wins 1 to %(limit)d points.")
    WRONG = "wrong", _("A wrong answer costs 0 to %(limit)d points.")
    SECONDS = "seconds", _("%(least)d to %(limit)d seconds are possible.")
    LOCKOUT = "lockout", _("A lock-out lasts 0 (the whole item) to %(limit)d seconds.")
    UNEVEN = "uneven", _("%(items)d items cannot be shared evenly by %(teams)d teams.")
    TURNS = "turns", _("Each team has at least one turn.")
    FEW_ITEMS = "few-items", _("The turns of all teams take %(needed)d items; these are %(items)d.")
    VALUES = "values", _("Give 1 to %(limit)d values, as in 10 30 50.")
    VALUE = "value", _("A value is 1 to %(limit)d points.")
    UNSORTED_VALUES = "unsorted-values", _("Give each value once, the smallest first.")
    NOT_DRAFT = "not-draft", _("The final has been opened: its rules stand.")


class Refusal(models.TextChoices):
    """Why an event was not taken, for whoever sent it."""

    NOT_OPEN = "not-open", _("The final is not open.")
    OPEN_ALREADY = "open-already", _("The final is open already.")
    NOT_NOW = "not-now", _("That does not follow from where the final stands.")
    CONFLICT = "conflict", _("Somebody else has acted in the meantime: look again.")
    NOTHING_TO_UNDO = "nothing-to-undo", _("There is nothing to undo.")
    NOT_THE_LAST = "not-the-last", _("Only the last step can be undone.")
    NOTHING_TO_SHOW = "nothing-to-show", _("No item can be shown now: the round is through, or a choice is missing.")
    NOT_YOUR_TURN = "not-your-turn", _("It is another team's turn.")
    NO_SUCH_NUMBER = "no-such-number", _("There is no item of this number.")
    NUMBER_TAKEN = "number-taken", _("This number is taken.")
    NO_SUCH_VALUE = "no-such-value", _("This value is not offered.")
    NOBODY_LEFT = "nobody-left", _("No team is left that may buzz.")
    BUZZ_PENDING = "buzz-pending", _("A buzz is just being decided.")
    STILL_ANSWERING = "still-answering", _("The time to answer is still running.")
    NOT_JUDGED = "not-judged", _("This team was not judged for this item.")
    UNDO_INSTEAD = "undo-instead", _("An item of the tie-break is not overruled: undo it.")
    NOTHING_TO_CHANGE = "nothing-to-change", _("It is judged so already.")
    NO_REASON = "no-reason", _("Say why: the reason is shown and kept. At most 300 characters.")
    NO_TIE = "no-tie", _("These teams are not tied.")
    NO_SPARES = "no-spares", _("No item is left for a tie-break.")
    OVER = "over", _("The final is over.")
    CLOSED = "closed", _("Nothing is asked of you now.")
    OUT = "out", _("Your team is out of this item.")
    LOCKED = "locked", _("Your team is locked out: it pressed too early.")
    PRESSED = "pressed", _("Your team has pressed already.")
    LATE = "late", _("Too late: the time was up.")
    ANSWERED = "answered", _("Your team has answered already.")
    NO_OPTION = "no-option", _("This cannot be an answer to the item.")
    STALE = "stale", _("That was meant for another item.")
    OTHER_PHONE = "other-phone", _("Your team plays on another phone now.")
    NO_TEAM = "no-team", _("This phone belongs to no team of this final.")
    NO_CODE = "no-code", _("No team has this code. Look at the card again.")
    TOO_FAST = "too-fast", _("Too many presses. Wait a second.")
    MALFORMED = "malformed", _("This request cannot be read.")
