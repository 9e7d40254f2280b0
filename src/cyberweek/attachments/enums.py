from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a kept file is, by its content. The values are those of `core.inspection`."""

    IMAGE = "image", _("Picture")
    VIDEO = "video", _("Video")
    PDF = "pdf", _("PDF")
    DOCUMENT = "document", _("Text document")
    SHEET = "sheet", _("Table")
    SLIDES = "slides", _("Slides")
    TEXT = "text", _("Plain text")
