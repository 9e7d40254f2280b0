from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from cyberweek.attachments import actions
from cyberweek.attachments.enums import Kind
from cyberweek.attachments.forms import AttachmentField, KeepsFiles
from cyberweek.attachments.models import Attachment
from cyberweek.kernel.forms import HouseForm
from cyberweek.planning.models import Evidence as TaskEvidence
from tests.attachments.files import docx, jpeg, pdf
from tests.factories.planning import make_task


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


# -- A form that comes back with errors --


class Report(KeepsFiles, HouseForm):
    what = forms.CharField()
    files = AttachmentField(most=3, required=False)


def sent(by, *files: tuple[str, bytes], kept: tuple[str, ...] = (), what: str = "") -> Report:
    data = QueryDict(mutable=True)
    data["what"] = what
    data.setlist("files-kept", list(kept))
    return Report(data, MultiValueDict({"files": [SimpleUploadedFile(*file) for file in files]}), by=by)


def back(form: Report) -> list[str]:
    """What stands chosen in the page of a form that was wrong: names by key."""
    assert not form.is_valid()
    form.keep_files()
    return [one.pk for one in form.fields["files"].kept]


def test_files_of_a_form_with_errors_stay_chosen_and_are_shown(cast):
    form = sent(cast.county_organiser, ("a.jpg", jpeg()), ("b.pdf", pdf()))
    keys = back(form)
    shown = str(form["files"])
    assert [shown.count(f'value="{key}" checked') for key in keys] == [1, 1]
    assert "a.jpg" in shown
    again = sent(cast.county_organiser, ("c.pdf", pdf()), kept=tuple(map(str, keys[:1])), what="x")
    assert again.is_valid(), again.errors
    assert [one.name for one in again.cleaned_data["files"]] == ["a.jpg", "c.pdf"]
    kept = [
        actions.keep_attachment(file=one, by=cast.county_organiser, now=timezone.now())
        for one in again.cleaned_data["files"]
    ]
    assert kept[0].pk == keys[0]


def test_of_three_files_of_which_one_is_refused_two_stay(cast):
    form = sent(cast.county_organiser, ("a.jpg", jpeg()), ("b.exe", b"MZ\x90" + bytes(99)), ("c.pdf", pdf()), what="x")
    assert [Attachment.objects.get(pk=key).name for key in back(form)] == ["a.jpg", "c.pdf"]


def test_sent_back_twice_they_are_kept_once(cast):
    keys = back(sent(cast.county_organiser, ("a.jpg", jpeg())))
    assert back(sent(cast.county_organiser, kept=(str(keys[0]),))) == keys
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("whose", ["another's", "used", "of the day before", "gone", "no key"])
def test_only_ones_own_and_unused_files_of_the_day_are_taken(cast, whose):
    key = back(sent(cast.stranger if whose == "another's" else cast.county_organiser, ("a.jpg", jpeg())))[0]
    row = Attachment.objects.get(pk=key)
    if whose == "used":
        TaskEvidence.objects.create(task=make_task(edition=cast.edition, unit=cast.county_unit), attachment=row)
    elif whose == "of the day before":
        Attachment.objects.update(at=timezone.now() - dt.timedelta(hours=25))
    elif whose == "gone":
        row.delete()
    form = sent(cast.county_organiser, kept=("%00" if whose == "no key" else str(key),), what="x")
    assert form.errors["files"] == ["A file was chosen too long ago. Choose it again."]


def test_a_file_swept_between_reading_and_keeping_is_asked_for_again(cast):
    key = back(sent(cast.county_organiser, ("a.jpg", jpeg())))[0]
    form = sent(cast.county_organiser, kept=(str(key),), what="x")
    assert form.is_valid()
    Attachment.objects.all().delete()
    with pytest.raises(actions.Refused, match=r"“a\.jpg” was chosen too long ago"):
        actions.keep_attachment(file=form.cleaned_data["files"][0], by=cast.county_organiser, now=timezone.now())


def test_what_nobody_claims_goes_after_a_day(cast):
    back(sent(cast.county_organiser, ("a.jpg", jpeg())))
    assert actions.forget_unused(now=timezone.now() + dt.timedelta(hours=23)) == 0
    assert actions.forget_unused(now=timezone.now() + dt.timedelta(hours=25)) == 1
