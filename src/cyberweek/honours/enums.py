from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a call stands; which step follows is `honours.core.flow`."""

    DRAFT = "draft", pgettext_lazy("call", "Draft")
    OPEN = "open", pgettext_lazy("call", "Taking entries")
    CLOSED = "closed", pgettext_lazy("call", "Closed")
    SCORING = "scoring", pgettext_lazy("call", "Jury at work")
    SHORTLIST = "shortlist", pgettext_lazy("call", "Scored")
    OBJECTION = "objection", pgettext_lazy("call", "Open to objections")
    PUBLISHED = "published", pgettext_lazy("call", "Published")


class EntryState(models.TextChoices):
    """What has become of an entry on its unit's side."""

    DRAFT = "draft", pgettext_lazy("entry", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("entry", "Sent in")
    WITHDRAWN = "withdrawn", pgettext_lazy("entry", "Withdrawn")


class Kind(models.TextChoices):
    """Whether a case shows what works, or what nobody did before."""

    TYPICAL = "typical", _("Typical case")
    INNOVATIVE = "innovative", _("Innovative practice")


class Theme(models.TextChoices):
    """What a case is about."""

    PUBLICITY = "publicity", _("Ways of publicity")
    CAMPUS = "campus", _("Schools and campus")
    COMMUNITY = "community", _("Communities and villages")
    OLDER = "older", _("Older people")
    MINORS = "minors", _("Minors")
    PERSONAL = "personal", _("Personal information")
    FRAUD = "fraud", _("Fraud")
    INDUSTRY = "industry", _("Industry and enterprises")
    DRILL = "drill", _("Drills and response")
    CONTEST = "contest", _("Contests and training")
    OTHER = "other", _("Other")


class Counted(models.TextChoices):
    """The unit of count of a figure: people are never added to person-times."""

    PEOPLE = "people", _("people")
    PERSON_TIMES = "person-times", _("person-times")
    IMPRESSIONS = "impressions", _("impressions")
    ITEMS = "items", pgettext_lazy("count", "items")
    PERCENT = "percent", _("per cent")


class Licence(models.TextChoices):
    """How others may use a published case."""

    BY = "cc-by", _("CC BY 4.0: anyone may use and adapt it and names the unit")
    BY_SA = "cc-by-sa", _("CC BY-SA 4.0: the same, and what is made of it stays as free")
    BY_NC = "cc-by-nc", _("CC BY-NC 4.0: anyone may use and adapt it, but not sell it")


class AwardLevel(models.TextChoices):
    """From the highest down."""

    FIRST = "first", _("First prize")
    SECOND = "second", _("Second prize")
    THIRD = "third", _("Third prize")
    MERIT = "merit", _("Merit")


class SheetState(models.TextChoices):
    """One juror's reading of one entry."""

    TO_READ = "to-read", _("To be scored")
    HANDED_IN = "handed-in", _("Scored")
    RECUSED = "recused", _("Stepped back")
