"""The field with which files are added."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .actions import FILE_LIMIT, Refused, examined
from .core.inspection import ENDINGS, Fit
from .enums import Kind

MOST: Final = 10
_MB: Final = 1024 * 1024
# Telephones offer their camera where whole types are asked for; the endings are for desktops.
_TYPES: Final = {Kind.IMAGE.value: "image/*", Kind.VIDEO.value: "video/mp4", Kind.PDF.value: "application/pdf"}


class AttachmentInput(forms.FileInput):
    """A control for one file or several, which tells what was chosen and whether it is too large before it is sent."""

    template_name = "attachments/_input.html"
    allow_multiple_selected = True


class AttachmentField(forms.Field):
    """Files, each looked through by its content; gives a list of `Fit`, to be kept by `actions.keep_attachment` one by one.

    `most`: how many at once. `kinds`: which are wanted (all where empty). `camera`: a telephone opens its camera at once.
    """

    widget = AttachmentInput

    def __init__(self, *, most: int = MOST, kinds: tuple[Kind, ...] = (), camera: bool = False, **kwargs: Any) -> None:
        self.most = most
        self.kinds = kinds
        kwargs.setdefault("label", gettext_lazy("Files"))
        kwargs.setdefault("help_text", lazy(self.limits, str)())
        super().__init__(**kwargs)
        attributes = self.widget.attrs
        attributes["accept"] = ",".join(_accepted(kinds))
        attributes["data-file-limit"] = str(min(FILE_LIMIT, settings.UPLOAD_LIMIT))
        attributes["data-limit"] = str(settings.UPLOAD_LIMIT)
        attributes["data-most"] = str(most)
        if most == 1:
            attributes.pop("multiple", None)
        if camera:
            attributes["capture"] = "environment"

    def wanted(self) -> str:
        """Which files are wanted, in words."""
        words = {
            Kind.IMAGE: _("pictures (JPEG, PNG, WebP)"),
            Kind.VIDEO: _("MP4 videos"),
            Kind.PDF: "PDF",
            Kind.DOCUMENT: _(", ").join(("DOCX", "ODT")),
            Kind.SHEET: _(", ").join(("XLSX", "ODS")),
            Kind.SLIDES: _(", ").join(("PPTX", "ODP")),
            Kind.TEXT: _("plain text, CSV"),
        }
        return _(", ").join(words[kind] for kind in self.kinds or Kind)

    def limits(self) -> str:
        """What may be added, as the hint beside the control says it."""
        kinds = self.wanted()
        values = {
            "kinds": kinds[:1].upper() + kinds[1:],
            "file": min(FILE_LIMIT, settings.UPLOAD_LIMIT) // _MB,
            "all": settings.UPLOAD_LIMIT // _MB,
            "most": self.most,
        }
        if self.most == 1:
            return _("%(kinds)s; up to %(file)d MB.") % values
        return _("%(kinds)s. Up to %(most)d files of at most %(file)d MB each, %(all)d MB together.") % values

    def clean(self, value: Any) -> list[Fit]:
        files = value if isinstance(value, list) else [value] if value else []
        if not files:
            if self.required:
                raise ValidationError(_("Choose a file."), code="required")
            return []
        if len(files) > self.most:
            told = _("%(n)d files are more than the %(most)d that can be added at once.")
            raise ValidationError(told, params={"n": len(files), "most": self.most})
        fits, wrong = [], []
        for file in files:
            try:
                fits.append(self._fit(file))
            except Refused as refused:
                said = refused.message
                if self.most > 1:
                    said = _("“%(name)s”: %(what)s") % {"name": file.name, "what": said}
                wrong.append(ValidationError(said, code="refused"))
        if wrong:
            raise ValidationError(wrong)
        return fits

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ARG002 -- Django's signature
        return not self.disabled and bool(data)

    def _fit(self, file: UploadedFile[Any]) -> Fit:
        fit = examined(file)
        if self.kinds and fit.kind not in self.kinds:
            raise Refused(_("This is not what is asked for here: %(kinds)s.") % {"kinds": self.wanted()})
        return fit


def _accepted(kinds: tuple[Kind, ...]) -> list[str]:
    accepted = []
    for kind in kinds or tuple(Kind):
        accepted += [_TYPES[kind.value]] if kind.value in _TYPES else [f".{ending}" for ending in ENDINGS[kind.value]]
    return accepted
