from __future__ import annotations

from typing import Any

import msgspec
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.fields.json import DataContains
from django.db.models.lookups import IntegerGreaterThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.models import LocalizedField
from cyberweek.knowledge.core import items as limits
from cyberweek.knowledge.core import release
from cyberweek.knowledge.enums import ItemState, Kind, ReferenceKind
from cyberweek.regions.models import Unit

from .topics import Topic

_OPTION_IDS = Func(
    F("options"), template="jsonb_path_query_array(%(expressions)s, '$[*].id')", output_field=models.JSONField()
)
_KEY = Func(F("key"), function="to_jsonb", output_field=models.JSONField())
_OPTION_COUNT = Func(F("options"), function="jsonb_array_length", output_field=models.IntegerField())
_COMPLETE = (
    Q(stem__has_keys=list(release.LANGUAGES))
    & Q(explanation__has_keys=list(release.LANGUAGES))
    & Q(reference_title__has_keys=list(release.LANGUAGES))
    & Q(key__len__gte=1)
    & Q(IntegerGreaterThanOrEqual(_OPTION_COUNT, 2))
)


class Item(models.Model):
    """A question of the bank. What it says is one value (`content`), which forms, imports and releases share."""

    code = models.SlugField(_("code"), max_length=64, unique=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="items", verbose_name=_("topic"))
    kind = models.CharField(pgettext_lazy("item", "kind"), max_length=10, choices=Kind)
    stem = LocalizedField(_("question"), max_length=limits.MAX_STEM, long=True, blank=True)
    options = models.JSONField(_("options"), default=list)  # [{"id", "text": {"zh-Hans", "en"}}]
    key = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name=_("right options"))
    explanation = LocalizedField(_("explanation"), max_length=limits.MAX_EXPLANATION, long=True, blank=True)
    reference_kind = models.CharField(_("source"), max_length=10, choices=ReferenceKind)
    reference_title = LocalizedField(_("title of the source"), max_length=200, blank=True)
    reference_version = models.CharField(_("version"), max_length=40, blank=True)
    reference_article = models.CharField(_("article"), max_length=40, blank=True)
    reference_section = models.CharField(_("section"), max_length=80, blank=True)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="items", verbose_name=_("owner"))
    state = models.CharField(_("state"), max_length=10, choices=ItemState, default=ItemState.DRAFT)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    changed = models.DateTimeField(_("last changed"), editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("item")
        indexes = [models.Index(fields=["topic", "state"], name="item_topic_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=release.CODE.replace(r"\Z", "$")), name="item_code_is_plain"
            ),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="item_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="item_kind_known"),
            models.CheckConstraint(condition=Q(kind=Kind.MULTIPLE) | Q(key__len__lte=1), name="item_one_key"),
            models.CheckConstraint(condition=DataContains(_OPTION_IDS, _KEY), name="item_key_names_options"),
            models.CheckConstraint(condition=~Q(state=ItemState.READY) | _COMPLETE, name="item_ready_is_complete"),
        ]

    def __str__(self) -> str:
        return str(self.stem) or self.code

    def content(self) -> release.Item:
        """What the item says, as releases hold it. Texts that are missing are empty."""
        return msgspec.convert(
            {
                "id": self.code,
                "topic": self.topic_id,
                "kind": self.kind,
                "stem": dict(self.stem),
                "options": self.options,
                "key": self.key,
                "explanation": dict(self.explanation),
                "reference": self._reference(),
            },
            release.Item,
        )

    def _reference(self) -> dict[str, Any]:
        parts = {
            "version": self.reference_version,
            "article": self.reference_article,
            "section": self.reference_section,
        }
        return {"kind": self.reference_kind, "title": dict(self.reference_title)} | {
            name: text for name, text in parts.items() if text
        }

    def say(self, content: release.Item) -> None:
        """Take over what `content` says; the code stays."""
        reference = content.reference
        self.topic_id = content.topic
        self.kind = content.kind
        self.stem = dict(content.stem)
        self.options = msgspec.to_builtins(content.options)
        self.key = list(content.key)
        self.explanation = dict(content.explanation)
        self.reference_kind = reference.kind
        self.reference_title = dict(reference.title)
        self.reference_version = reference.version or ""
        self.reference_article = reference.article or ""
        self.reference_section = reference.section or ""
