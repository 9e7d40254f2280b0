from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.attachments.models import Attachment
from cyberweek.honours.enums import Counted, EntryState, Kind, Licence, Theme
from cyberweek.kernel.models import LocalizedField
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit

from .calls import Call


class Entry(models.Model):
    """A unit's case. Jurors know it by `number` alone, which is dealt at random when the call closes."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="entries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases", verbose_name=_("unit"))
    title = LocalizedField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.TYPICAL)
    theme = models.CharField(pgettext_lazy("case", "theme"), max_length=12, choices=Theme)
    problem = LocalizedField(pgettext_lazy("case", "the problem"), max_length=3000, long=True, blank=True)
    practice = LocalizedField(pgettext_lazy("case", "what was done"), max_length=5000, long=True, blank=True)
    result = LocalizedField(pgettext_lazy("case", "what came of it"), max_length=3000, long=True, blank=True)
    reuse = LocalizedField(pgettext_lazy("case", "what others can reuse"), max_length=3000, long=True, blank=True)
    licence = models.CharField(_("licence"), max_length=12, choices=Licence, default=Licence.BY)
    consent = models.BooleanField(_("may be published with the unit’s name"), default=False)
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True)
    contact = models.CharField(_("telephone or e-mail"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=EntryState, default=EntryState.DRAFT, editable=False)
    number = models.PositiveIntegerField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)  # two who edit at once: see `actions.edit_entry`
    changed = models.DateTimeField(db_default=Now(), editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN, editable=False)

    class Meta:
        ordering = ["call", "number", "id"]
        verbose_name = pgettext_lazy("honours", "entry")
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="entry_number_once"),
            models.CheckConstraint(
                condition=~models.Q(state=EntryState.SUBMITTED) | models.Q(consent=True, submitted_at__isnull=False),
                name="entry_sent_in_with_consent",
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | models.Q(state=EntryState.SUBMITTED),
                name="entry_published_was_sent_in",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="entry_of_unit"),
            models.Index(
                fields=["-published_at", "theme"],
                condition=models.Q(published_at__isnull=False),
                name="entry_published",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Figure(models.Model):
    """A figure that the unit claims, with its unit of count."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="figures")
    number = models.PositiveSmallIntegerField()
    label = LocalizedField(pgettext_lazy("figure", "what was counted"), max_length=120)
    value = models.DecimalField(pgettext_lazy("figure", "how many"), max_digits=14, decimal_places=1)
    counted = models.CharField(pgettext_lazy("figure", "unit of count"), max_length=12, choices=Counted)

    class Meta:
        ordering = ["entry", "number"]
        verbose_name = _("figure")
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="figure_number_once"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="figure_not_negative"),
            models.CheckConstraint(
                condition=~models.Q(counted=Counted.PERCENT) | models.Q(value__lte=100), name="figure_at_most_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.label}"


class EntryFile(models.Model):
    """A file beside an entry. Jurors get it under its number, never under its own name."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["entry", "number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="entry_file_number_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.number}"

    @property
    def blind_name(self) -> str:
        """The name under which jurors and readers of the casebook get it: the number and the kind of file."""
        ending = self.attachment.ending
        return f"attachment-{self.number}{'.' if ending and not ending.startswith('.') else ''}{ending}"
