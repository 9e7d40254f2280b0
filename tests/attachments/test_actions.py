from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cyberweek.attachments import actions
from cyberweek.attachments.models import Attachment, AttachmentContent
from cyberweek.kernel.models import AuditEvent
from tests.attachments.files import jpeg, pdf

NOW = dt.datetime(2019, 9, 1, 8, tzinfo=dt.UTC)


def given(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_picture_is_kept_with_who_and_when(cast):
    kept = actions.keep_attachment(file=given("现场.JPG", jpeg()), by=cast.county_organiser, now=NOW)
    kept = Attachment.objects.get(pk=kept.pk)
    assert (kept.name, kept.kind, kept.media_type) == ("现场.JPG", "image", "image/jpeg")
    assert (kept.by, kept.at) == (cast.county_organiser, NOW)
    assert (kept.width, kept.height) == (64, 48)
    assert kept.size == len(kept.content.body)
    assert 0 < len(kept.content.thumbnail) <= 20_000
    event = AuditEvent.objects.get(verb="attachment.keep")
    assert event.key == str(kept.pk)
    assert event.after["sha256"] == kept.sha256


def test_the_same_bytes_are_kept_once(cast):
    first = actions.keep_attachment(file=given("a.pdf", pdf()), by=cast.national, now=NOW)
    second = actions.keep_attachment(file=given("b.pdf", pdf()), by=cast.stranger, now=NOW)
    assert first.pk != second.pk
    assert first.sha256 == second.sha256
    assert AttachmentContent.objects.count() == 1


def test_a_file_above_the_limit_is_refused_while_it_is_read(cast):
    class Endless:
        name = "large.pdf"
        read = 0

        def chunks(self):
            while True:
                self.read += 1
                yield b"x" * 65536

    file = Endless()
    with pytest.raises(actions.Refused, match="20 MB"):
        actions.keep_attachment(file=file, by=cast.national, now=NOW)
    assert file.read == 20 * 16 + 1


def test_a_person_adds_half_a_gigabyte_a_day_and_no_more(cast):
    first = actions.keep_attachment(file=given("a.pdf", pdf()), by=cast.national, now=NOW)
    Attachment.objects.filter(pk=first.pk).update(size=actions.DAY_LIMIT)
    with pytest.raises(actions.Refused, match="since yesterday"):
        actions.keep_attachment(file=given("b.pdf", pdf()), by=cast.national, now=NOW + dt.timedelta(hours=23))
    assert actions.keep_attachment(file=given("b.pdf", pdf()), by=cast.stranger, now=NOW)
    assert actions.keep_attachment(file=given("b.pdf", pdf()), by=cast.national, now=NOW + dt.timedelta(hours=25))


def test_a_program_named_like_a_picture_is_called_a_program(cast):
    with pytest.raises(actions.Refused, match="This is a program, not a picture") as refused:
        actions.keep_attachment(file=given("photo.jpg", b"MZ\x90\x00" + bytes(400)), by=cast.national, now=NOW)
    assert refused.value.field == "file"
    assert not Attachment.objects.exists()


def test_what_nothing_points_at_is_forgotten_after_a_day(cast):
    kept = actions.keep_attachment(file=given("a.pdf", pdf()), by=cast.national, now=NOW)
    again = actions.keep_attachment(file=given("b.pdf", pdf()), by=cast.national, now=NOW + dt.timedelta(hours=2))
    assert actions.forget_unused(now=NOW + dt.timedelta(hours=23)) == 0
    assert actions.forget_unused(now=NOW + dt.timedelta(hours=25)) == 1
    assert list(Attachment.objects.all()) == [again]
    assert AttachmentContent.objects.count() == 1  # the other one needs the same bytes
    assert actions.forget_unused(now=NOW + dt.timedelta(hours=27)) == 1
    assert not AttachmentContent.objects.exists()
    assert AuditEvent.objects.filter(verb="attachment.forget", key=str(kept.pk)).count() == 1
