from __future__ import annotations

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from cyberweek.attachments import actions
from cyberweek.attachments.enums import Kind
from cyberweek.attachments.forms import AttachmentField
from cyberweek.kernel.forms import HouseForm
from tests.attachments.files import docx, jpeg, pdf


class Evidence(HouseForm):
    what = forms.CharField()
    files = AttachmentField(most=3)


class Photograph(HouseForm):
    photo = AttachmentField(most=1, kinds=(Kind.IMAGE,), camera=True, required=False, label="Photo")


def bound(form: type[HouseForm], field: str, *files: tuple[str, bytes], **data: str) -> HouseForm:
    given = [SimpleUploadedFile(name, content) for name, content in files]
    return form(data, MultiValueDict({field: given}))


def test_several_files_come_as_what_may_be_kept():
    form = bound(Evidence, "files", ("a.jpg", jpeg()), ("b.pdf", pdf()), what="x")
    assert form.is_valid(), form.errors
    assert [fit.kind for fit in form.cleaned_data["files"]] == ["image", "pdf"]


def test_every_file_that_is_refused_is_named_with_what_to_do():
    form = bound(
        Evidence, "files", ("a.jpg", b"MZ\x90" + bytes(99)), ("b.pdf", pdf()), ("c.zip", b"PK\x05\x06"), what="x"
    )
    assert not form.is_valid()
    first, second = form.errors["files"]
    assert first.startswith("“a.jpg”: This is a program, not a picture.")
    assert second.startswith("“c.zip”: ")
    assert form["what"].value() == "x"


@pytest.mark.parametrize(
    ("files", "said"),
    [((), "Choose a file."), ([("e.pdf", b"")], "The file is empty."), ([("a.jpg", jpeg())] * 4, "4 files are more than the 3")],
)  # fmt: skip
def test_none_an_empty_one_and_too_many(files, said):
    form = bound(Evidence, "files", *files, what="x")
    assert said in form.errors["files"][0]


def test_a_field_for_pictures_takes_pictures_only():
    assert "not what is asked for here" in bound(Photograph, "photo", ("a.docx", docx())).errors["photo"][0]
    assert bound(Photograph, "photo", ("a.jpg", jpeg())).is_valid()
    assert bound(Photograph, "photo").is_valid()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Up to 3 files of at most 20 MB each"), ("zh-hans", "最多3个文件")]
)
def test_the_limits_stand_beside_the_control(language, said):
    with override(language):
        page = render_to_string("kernel/_field.html", {"field": Evidence()["files"]})
    assert said in page
    assert 'type="file"' in page
    assert " multiple" in page
    assert 'class="input"' in page
    assert 'aria-describedby="id_files_helptext"' in page


def test_a_camera_opens_for_one_photograph():
    page = str(Photograph()["photo"])
    assert 'capture="environment"' in page
    assert 'accept="image/*"' in page
    assert " multiple" not in page


def test_every_fault_has_words():
    assert set(actions.WORDS) == set(actions.Fault)
