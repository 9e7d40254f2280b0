from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory

from cyberweek.attachments import actions, views
from cyberweek.attachments.models import Attachment
from tests.attachments.files import jpeg, pdf

NOW = dt.datetime(2019, 9, 1, 8, tzinfo=dt.UTC)


@pytest.fixture
def keep(cast):
    def keep_one(name: str, content: bytes) -> Attachment:
        return actions.keep_attachment(file=SimpleUploadedFile(name, content), by=cast.national, now=NOW)

    return keep_one


def test_a_file_is_sent_to_be_stored_and_nothing_in_it_runs(keep):
    answer = views.send(keep('方案 "终稿";.pdf', pdf()))
    assert answer.content == pdf()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"__ _____.pdf\"; filename*=UTF-8''%E6%96%B9%E6%A1%88%20%22%E7%BB%88%E7%A8%BF%22%3B.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert "private" in answer["Cache-Control"]


def test_only_pictures_are_ever_shown_in_place(keep):
    assert views.send(keep("a.jpg", jpeg()), download=False)["Content-Disposition"].startswith("inline;")
    assert views.send(keep("a.pdf", pdf()), download=False)["Content-Disposition"].startswith("attachment;")


def test_a_browser_that_has_the_file_is_not_sent_it_again(keep, django_assert_num_queries):
    kept = keep("a.pdf", pdf())
    first = views.send(kept, request=RequestFactory().get("/"))
    request = RequestFactory().get("/", headers={"If-None-Match": first["ETag"]})
    with django_assert_num_queries(0):
        again = views.send(kept, request=request)
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]


def test_a_picture_has_a_small_one_for_galleries(keep):
    answer = views.send_thumbnail(keep("a.jpg", jpeg((800, 600))))
    assert answer["Content-Type"] == "image/webp"
    assert len(answer.content) <= 20_000
    with pytest.raises(Http404):
        views.send_thumbnail(keep("a.pdf", pdf()))


def test_a_list_of_files_costs_one_query_and_loads_no_bytes(keep, django_assert_num_queries):
    for n in range(5):
        keep(f"{n}.jpg", jpeg((100 + n, 100)))
    with django_assert_num_queries(1) as told:
        rows = views.rows_of(
            Attachment.objects.select_related("by"),
            href=lambda one: f"/x/{one.pk}/",
            thumbnail=lambda one: f"/x/{one.pk}/small/",
            remove=lambda one: f"/x/{one.pk}/remove/",
        )
        page = render_to_string("attachments/_list.html", {"files": rows})
    assert "body" not in told.captured_queries[0]["sql"]
    assert page.count("<li") == 5
    assert page.count("/small/") == 5
    assert "Picture" in page


def test_a_name_is_text_wherever_it_is_shown(keep):
    kept = keep("<img src=x onerror=alert(1)>.pdf", pdf())
    page = render_to_string("attachments/_list.html", {"files": views.rows_of([kept], href=lambda one: "/x/")})
    assert "<img" not in page
