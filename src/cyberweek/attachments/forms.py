"""The field with which files are added."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .actions import FILE_LIMIT, UNUSED_FOR, Refused, examined, keep_attachment
from .core.inspection import ENDINGS, Fit
from .enums import Kind
from .models import Attachment
from .queries import waiting_attachments

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

MOST: Final = 10
_MB: Final = 1024 * 1024
# Telephones offer their camera where whole types are asked for; the endings are for desktops.
_TYPES: Final = {Kind.IMAGE.value: "image/*", Kind.VIDEO.value: "video/mp4", Kind.PDF.value: "application/pdf"}


class AttachmentInput(forms.FileInput):
    """A control for one file or several, which tells what was chosen and whether it is too large before it is sent."""

    template_name = "attachments/_input.html"
    allow_multiple_selected = True
    kept: tuple[Attachment, ...] = ()  # of this form, when it was sent before

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """The files, and after them the keys of those kept before that are still ticked."""
        sent = super().value_from_datadict(data, files, name) or []
        kept = data.getlist(f"{name}-kept") if hasattr(data, "getlist") else data.get(f"{name}-kept", [])
        return [*(sent if isinstance(sent, list) else [sent]), *kept]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["kept"] = self.kept
        if self.kept:
            context["widget"]["attrs"].pop("required", None)
        return context


class AttachmentField(forms.Field):
    """Files, each looked through by its content; gives a list of `Fit`, and of `Attachment` where the form (`KeepsFiles`)
    kept it before: each to be kept by `actions.keep_attachment`.

    `most`: how many at once. `kinds`: which are wanted (all where empty). `camera`: a telephone opens its camera at once.
    """

    widget = AttachmentInput

    def __init__(self, *, most: int = MOST, kinds: tuple[Kind, ...] = (), camera: bool = False, **kwargs: Any) -> None:
        self.most = most
        self.kinds = kinds
        self.by: User | None = None
        self.fits: list[Fit] = []
        self.kept: list[Attachment] = []
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

    def clean(self, value: Any) -> list[Fit | Attachment]:
        self.fits, self.kept = [], []
        if not value:
            if self.required:
                raise ValidationError(_("Choose a file."), code="required")
            return []
        if len(value) > self.most:
            told = _("%(n)d files are more than the %(most)d that can be added at once.")
            raise ValidationError(told, params={"n": len(value), "most": self.most})
        wrong = []
        keys = [one for one in value if isinstance(one, str)]
        self.kept = self._waiting(keys)
        if len(self.kept) < len(keys):
            wrong.append(ValidationError(_("A file was chosen too long ago. Choose it again."), code="gone"))
        for file in [one for one in value if not isinstance(one, str)]:
            try:
                self.fits.append(self._fit(file))
            except Refused as refused:
                said = refused.message
                if self.most > 1:
                    said = _("“%(name)s”: %(what)s") % {"name": file.name, "what": said}
                wrong.append(ValidationError(said, code="refused"))
        if wrong:
            raise ValidationError(wrong)
        return [*self.kept, *self.fits]

    def keep(self, now: dt.datetime) -> None:
        """Keep what is fit, to be shown in the form that comes back."""
        for fit in self.fits:
            try:
                self.kept.append(keep_attachment(file=fit, by=self.by, now=now))
            except Refused:
                break  # too much for a day: the form says so when it is sent again
        self.fits = []
        self.widget.kept = tuple(self.kept)

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ARG002 -- Django's signature
        return not self.disabled and bool(data)

    def _waiting(self, keys: list[str]) -> list[Attachment]:
        if self.by is None or not keys:
            return []
        known = [key for key in map(_key, keys) if key]
        rows = waiting_attachments(self.by, known, since=timezone.now() - UNUSED_FOR)
        return [row for row in rows if not self.kinds or row.kind in self.kinds]

    def _fit(self, file: UploadedFile[Any]) -> Fit:
        fit = examined(file)
        if self.kinds and fit.kind not in self.kinds:
            raise Refused(_("This is not what is asked for here: %(kinds)s.") % {"kinds": self.wanted()})
        return fit


class KeepsFiles(forms.BaseForm):
    """Mixin for a form with files, sent `by` somebody: a browser forgets what was chosen in a form that comes back with errors."""

    def __init__(self, *args: Any, by: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self._with_files():
            field.by = by

    def keep_files(self) -> None:
        """Call it where the form is shown again: the files in it stay chosen for a day, for whoever chose them alone."""
        for field in self._with_files() if self.is_bound else ():
            field.keep(timezone.now())

    def _with_files(self) -> list[AttachmentField]:
        return [field for field in self.fields.values() if isinstance(field, AttachmentField)]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _accepted(kinds: tuple[Kind, ...]) -> list[str]:
    accepted = []
    for kind in kinds or tuple(Kind):
        accepted += [_TYPES[kind.value]] if kind.value in _TYPES else [f".{ending}" for ending in ENDINGS[kind.value]]
    return accepted
