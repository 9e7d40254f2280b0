from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.test.utils import isolate_apps

from cyberweek.attachments import actions, queries
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


@pytest.fixture
def owner(cast, monkeypatch):
    """A model of some app that points at attachments, with its table."""
    with isolate_apps("cyberweek.attachments"):

        class Owner(models.Model):
            proof = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="+")

            class Meta:
                app_label = "attachments"

            def __str__(self) -> str:
                return "owner"

    with connection.schema_editor() as editor:
        editor.create_model(Owner)
    own, pointing = Attachment._meta.get_fields, Owner._meta.get_field("proof").remote_field
    monkeypatch.setattr(Attachment._meta, "get_fields", lambda **more: [*own(**more), pointing])
    return Owner


def test_what_an_owner_points_at_stays(cast, owner):
    proof, left = (
        actions.keep_attachment(file=given(name, pdf()), by=cast.national, now=NOW) for name in ("a.pdf", "b.pdf")
    )
    owner.objects.create(proof=proof)
    assert list(queries.unused_attachments(NOW + dt.timedelta(days=1))) == [left]
    assert actions.forget_unused(now=NOW + dt.timedelta(days=30)) == 1
    assert list(Attachment.objects.all()) == [proof]
    assert owner.objects.get().proof == proof


def test_tables_between_two_models_are_asked_too():
    """The sweep counts on it: Django shows a many-to-many table as a key that points here."""
    pointing = [
        field for field in Permission._meta.get_fields(include_hidden=True) if isinstance(field, models.ManyToOneRel)
    ]
    assert Group.permissions.through in {field.related_model for field in pointing}
