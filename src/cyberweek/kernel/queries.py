"""Reads of the kernel."""

from __future__ import annotations

from django.db.models import Q

from .core.localized import LANGUAGES
from .models import Press


def led_before(press: Press) -> str:
    """Where the same form led when it was sent with other words; empty where it never was."""
    others = Press.objects.filter(form=press.form).exclude(pk=press.pk)
    return others.order_by("at").values_list("led_to", flat=True).first() or ""


def says(text: str, *fields: str) -> Q:
    """One of these localized fields holds the text, in whatever language and letters."""
    found = Q()
    for name in fields:
        for tag in LANGUAGES:
            found |= Q(**{f"{name}__{tag}__icontains": text})
    return found
