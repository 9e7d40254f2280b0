from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

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


class Phase(models.TextChoices):
    """Where a contest stands in its opening hours."""

    BEFORE = "before", _("Not open yet")
    OPEN = "open", _("Open")
    OVER = "over", _("Over")


class ItemFault(models.TextChoices):
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
        return str(cls(reason).label) % {**named, "in_language": language}


class ContestFault(models.TextChoices):
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
    RUNNING_CLOSES = "running-closes", _("The contest has opened: it may be extended, not cut short.")

    @classmethod
    def say(cls, reason: str, params: Mapping[str, Any]) -> str:
        """The fault in the words of the active language."""
        return str(cls(reason).label) % params
