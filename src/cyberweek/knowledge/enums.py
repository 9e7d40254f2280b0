from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.enums import Fault
from cyberweek.kernel.models.localized import LANGUAGE_NAMES


class Kind(models.TextChoices):
    """How an item is answered."""

    SINGLE = "single", _("One answer")
    MULTIPLE = "multiple", _("Several answers")
    TRUE_FALSE = "true-false", _("True or false")


class ItemState(models.TextChoices):
    """Only ready items are drawn; a retired one stays for the papers that it was on."""

    DRAFT = "draft", _("Draft")
    READY = "ready", _("Ready")
    RETIRED = "retired", _("Retired")


class ReferenceKind(models.TextChoices):
    """What an answer rests on."""

    LAW = "law", _("Law")
    GUIDE = "guide", _("Guide or standard")


class ContestState(models.TextChoices):
    """A contest is published with its first release."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Form(models.TextChoices):
    """What one attempt is."""

    PAPER = "paper", _("A paper, handed in as a whole")
    ENDLESS = "endless", _("An endless run: the first error ends it")
    UNTIL_RIGHT = "until-right", _("A paper redone until all is right")


class Preset(models.TextChoices):
    """Rules to begin from; what each of them fills in stands in `core.presets`."""

    BEST_OF = "best-of", _("20 items, 20 minutes, as often as you like: the best counts")
    ONCE = "once", _("20 items, 20 minutes, once; 200 prizes from 90 points")
    UNTIL_RIGHT = "until-right", _("10 items until all are right, then into the daily draw of 50")
    TWENTY_RIGHT = "twenty-right", _("20 right, three tries a day, ranked by time")
    ENDLESS = "endless", _("Endless run, 5 a day")
    TEAMS = "teams", _("Team average: the classes of a school")
    CLOSED = "closed", _("Closed: one company, by code")
    STAGE = "stage", _("Next stage: the best of the provinces and of all")


class PlaceReason(models.TextChoices):
    """How somebody came onto a promotion list."""

    QUOTA = "quota", pgettext_lazy("promotion", "A place of the region")
    TOP = "top", pgettext_lazy("promotion", "By rank")
    MOVED_UP = "moved-up", pgettext_lazy("promotion", "Moved up")
    RESERVE = "reserve", pgettext_lazy("promotion", "Reserve")


class PromotionFault(models.TextChoices):
    """Why a promotion list was not changed or published."""

    TOO_EARLY = "too-early", _("The earlier contest has not closed yet.")
    NOBODY = "nobody", _("Nobody would be promoted: the earlier contest has no papers.")
    PUBLISHED = "published", _("This list is published already.")
    NO_PLACE = "no-place", _("This person has no place to give up.")
    NO_REASON = "no-reason", _("Say why the place is given up.")


class Phase(models.TextChoices):
    """Where a contest stands in its opening hours."""

    BEFORE = "before", _("Not open yet")
    OPEN = "open", _("Open")
    OVER = "over", _("Over")


class RulingKind(models.TextChoices):
    """What a reviewer can decide about a contest's result."""

    EXCLUDE = "exclude", _("Exclusion")
    READMIT = "readmit", _("Readmission")
    REGRADE = "regrade", _("Regrade")


class ExclusionReason(models.TextChoices):
    """Why a participant's papers do not count, as the public is told."""

    SPEED = "speed", _("Answered faster than anyone can read")
    COPYING = "copying", _("Answers shared within a group")
    BURST = "burst", _("Many papers at once from one network")
    DEVICE = "device", _("Many passports on one device")
    ENTITLED = "entitled", _("Not entitled to take part")
    OTHER = "other", pgettext_lazy("reason", "Other")


class ObjectionState(models.TextChoices):
    """Whether an objection has been decided, and how."""

    OPEN = "open", pgettext_lazy("objection", "Waiting for a decision")
    UPHELD = "upheld", _("The exclusion stands")
    GRANTED = "granted", _("Readmitted")


class PreviewState(models.TextChoices):
    """How far the preview of a regrade is."""

    WAITING = "waiting", _("Being counted")
    READY = "ready", pgettext_lazy("preview", "Ready")
    FAILED = "failed", _("Failed")


class RulingFault(Fault):
    """Why a ruling, an objection or a decision about one was refused."""

    NO_REASON = "no-reason", _("Give the reason.")
    LONG_REASON = "long-reason", _("The reason is too long: %(length)d characters, at most %(limit)d.")
    ODD_REASON = "odd-reason", _("The reason is one line without tabs, backslashes or control characters.")
    UNKNOWN_PARTICIPANT = "unknown-participant", _("Nobody of this number has begun a paper in this contest.")
    EXCLUDED = "excluded", _("This participant is already excluded.")
    NOT_EXCLUDED = "not-excluded", _("This participant is not excluded.")
    OBJECTION_OPEN = "objection-open", _("An objection is waiting: decide it instead.")
    SAME_EYES = "same-eyes", _("Whoever excluded a participant does not decide about the objection.")
    DECIDED = "decided", _("This objection has been decided already.")
    NO_ANSWER = "no-answer", _("Give the answer that the participant reads.")
    NO_EXCLUSION = "no-exclusion", _("This passport is not excluded from this contest.")
    OBJECTED = "objected", _("An objection to this exclusion was made already.")
    TOO_LATE = "too-late", _("The time for an objection is over.")
    NO_TEXT = "no-text", _("Say what is wrong with the exclusion.")
    LONG_TEXT = "long-text", _("The text is too long: %(length)d characters, at most %(limit)d.")
    NO_RELEASE = "no-release", _("There is no such published release of this contest.")
    FIRST_RELEASE = "first-release", _("No paper was written on an earlier release.")
    OLD_RELEASE = "old-release", _("Papers already count by the keys of release %(number)d or a later one.")
    NOTHING_CHANGES = "nothing-changes", _("No paper’s score would change, so there is nothing to apply.")
    NOT_READY = "not-ready", _("The preview is still being counted.")
    STALE = "stale", _("Papers or rulings came in after this preview. It is being counted again; look at it first.")
    NOT_CONFIRMED = "not-confirmed", _("Type the number of the release to confirm.")
    OBJECTION_DAYS = "objection-days", _("1 to %(limit)d days are possible.")


class ItemFault(Fault):
    """What can be wrong with an item, in the words of `core.items`."""

    ODD_CODE = "odd-code", _("A code has small letters, digits and single hyphens, as in phishing-025.")
    RESERVED_CODE = "reserved-code", _("“%(code)s” is the address of a page; take another code.")
    TAKEN_CODE = "taken-code", _("There is an item %(code)s already.")
    UNKNOWN_TOPIC = "unknown-topic", _("There is no topic %(topic)s.")
    NO_STEM = "no-stem", _("The question has no text %(in_language)s.")
    LONG_STEM = "long-stem", _("The question is too long %(in_language)s: %(length)d characters, at most %(limit)d.")
    NO_EXPLANATION = "no-explanation", _("The explanation has no text %(in_language)s.")
    LONG_EXPLANATION = (
        "long-explanation",
        _("The explanation is too long %(in_language)s: %(length)d characters, at most %(limit)d."),
    )
    NO_OPTION_TEXT = "no-option-text", _("Option %(option)s has no text %(in_language)s.")
    LONG_OPTION = (
        "long-option",
        _("Option %(option)s is too long %(in_language)s: %(length)d characters, at most %(limit)d."),
    )
    SAME_OPTIONS = "same-options", _("Options %(option)s and %(other)s say the same %(in_language)s.")
    REPEATED_OPTION = "repeated-option", _("There are two options %(option)s.")
    FEW_OPTIONS = "few-options", _("At least two options are needed.")
    MANY_OPTIONS = "many-options", _("At most %(limit)d options fit.")
    NOT_TRUE_FALSE = "not-true-false", _("Such an item has exactly the options true and false.")
    NO_KEY = "no-key", _("Say which option is right.")
    ONE_KEY = "one-key", _("Tick at least two right options, or make it an item with one answer.")
    MANY_KEYS = "many-keys", _("Only one option may be right.")
    REPEATED_KEY = "repeated-key", _("The key names option %(option)s twice.")
    UNKNOWN_KEY = "unknown-key", _("The key names option %(option)s, which is not there.")
    NO_REFERENCE = "no-reference", _("The source has no title %(in_language)s.")
    NO_ARTICLE = "no-article", _("A law is cited with its version and article.")

    @classmethod
    def say(cls, reason: str, params: Mapping[str, Any]) -> str:
        """The fault in the words of the active language; options are named by their letters."""
        named = {name: text.upper() if name in {"option", "other"} else text for name, text in params.items()}
        language = LANGUAGE_NAMES.get(params.get("language", ""), "")
        return super().say(reason, {**named, "in_language": language})


class ContestFault(Fault):
    """What can be wrong with a contest's rules, in the words of `core.contests`."""

    ODD_SLUG = "odd-slug", _("A short name has small letters, digits and single hyphens, as in youth-day.")
    RESERVED_SLUG = "reserved-slug", _("“%(slug)s” is the address of a page; take another name.")
    TAKEN_SLUG = "taken-slug", _("There is a contest %(slug)s already.")
    CLOSES_EARLY = "closes-early", _("The contest must close after it opens.")
    TOO_SHORT = "too-short", _("It is open for less time than one paper takes (%(minutes)d min).")
    MINUTES = "minutes", _("A paper takes 1 to %(limit)d minutes.")
    ATTEMPTS = "attempts", _("1 to %(limit)d attempts a day are possible.")
    POINTS = "points", _("An item is worth 1 to %(limit)d points.")
    GRACE = "grace", _("The grace period is 0 to %(limit)d seconds.")
    NO_ITEMS = "no-items", _("Ask at least one item.")
    MANY_ITEMS = "many-items", _("A paper has at most %(limit)d items; these are %(count)d.")
    SHORT_OF_ITEMS = "short-of-items", _("%(count)d asked, only %(ready)d ready.")
    RUNNING_CHANGE = (
        "running-change",
        _("The contest has opened: this would make papers already written and new ones unequal."),
    )
    RUNNING_LESS = "running-less", _("The contest has opened: this may be raised, not lowered.")
    RUNNING_GROUPS = (
        "running-groups",
        _("The contest has opened: group %(group)s stays for those who joined it. Withdraw its code instead."),
    )
    NOTHING_TO_REDO = (
        "nothing-to-redo",
        _("A paper that is redone until it is right needs at least two attempts a day."),
    )
    ATTEMPTS_IN_ALL = (
        "attempts-in-all",
        _("1 to %(limit)d attempts in all are possible; leave it empty for no such limit."),
    )
    MORE_A_DAY = "more-a-day", _("These are fewer than the %(a_day)d attempts of one day.")
    CLOSED_TO_ALL = "closed-to-all", _("Without a group nobody could enter a closed contest: name at least one below.")
    NO_TEAMS = "no-teams", _("A ranking of teams needs at least two groups.")
    TEAM_MINIMUM = "team-minimum", _("A ranked team needs 1 to %(limit)d members.")
    MANY_GROUPS = "many-groups", _("At most %(limit)d groups are possible; these are %(count)d.")
    ODD_GROUP = (
        "odd-group",
        _("“%(group)s” is no short name: small letters, digits and single hyphens, at most %(limit)d of them."),
    )
    TWICE_GROUP = "twice-group", _("Group %(group)s is there twice.")
    GROUP_NAME = "group-name", _("Group %(group)s needs a name of at most %(limit)d characters.")
    NEVER_ALL_RIGHT = "never-all-right", _("An endless run ends with an error: ask for points instead.")
    DRAW_POINTS = "draw-points", _("A draw asks for 1 to %(limit)d points: a paper has no more.")
    DRAW_PRIZES = "draw-prizes", _("1 to %(limit)d prizes can be drawn at a time.")
    NO_PROMOTION = "no-promotion", _("This date belongs to a promotion list: say which contest this one follows.")
    FOLLOWS_ITSELF = "follows-itself", _("A contest cannot follow itself.")
    UNKNOWN_STAGE = "unknown-stage", _("Choose another contest of this edition.")
    STAGE_CYCLE = "stage-cycle", _("These contests would follow each other in a circle: %(chain)s.")
    STAGE_EARLY = "stage-early", _("It opens before the contest that it follows has closed.")
    CLOSES_AFTER_STAGE = "closes-after-stage", _("“%(title)s” follows this contest and opens before that.")
    OBJECTIONS = "objections", _("This lies between the closing of the earlier contest and the opening of this one.")
    QUOTA_WITHOUT_LEVEL = "quota-without-level", _("Say of which regions: provinces, cities or counties.")
    LEVEL_WITHOUT_QUOTA = "level-without-quota", _("Say how many of each region: 1 to %(limit)d.")
    PROMOTED = "promoted", _("0 to %(limit)d are possible.")
    PROMOTES_NOBODY = "promotes-nobody", _("Nobody would be promoted: give a number here, or places to the regions.")
    PROMOTION_OUT = "promotion-out", _("The promotion list is published: its rule stays.")
    RUNNING_CLOSES = "running-closes", _("The contest has opened: it may be extended, not cut short.")


class ItemFlag(models.TextChoices):
    """Why somebody should look at an item: `core.statistics` says when."""

    KEY = "key", _("key suspect")
    GUESSED = "guessed", _("like guessing")
    FLAT = "flat", _("does not discriminate")
    EASY = "easy", _("too easy")
