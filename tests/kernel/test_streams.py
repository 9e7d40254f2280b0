"""Long lists that go out as they are made."""

import asyncio

import pytest
from django.test import AsyncRequestFactory, RequestFactory
from django.utils import translation
from django.utils.translation import gettext

from cyberweek.accounts.models import User
from cyberweek.kernel.views import piecemeal, streamed


def pieces():
    for _number in range(3):
        yield gettext("Filter").encode()


@pytest.mark.parametrize(("language", "word"), [("en", "Filter"), ("zh-hans", "筛选")])
def test_a_stream_speaks_the_language_in_which_it_was_asked_for(language, word):
    with translation.override(language):
        answer = streamed(RequestFactory().get("/"), pieces(), content_type="text/plain")
    with translation.override("zh-hans" if language == "en" else "en"):
        assert answer.getvalue().decode() == word * 3


def test_under_asgi_it_is_made_as_it_goes():
    made = []

    def slow():
        for number in range(3):
            made.append(number)
            yield str(number).encode()

    async def read() -> list[bytes]:
        answer = streamed(AsyncRequestFactory().get("/"), slow(), content_type="text/plain")
        assert answer.is_async
        found = []
        async for piece in answer.streaming_content:
            found.append(piece)
            assert len(made) == len(found)
        return found

    assert asyncio.run(read()) == [b"0", b"1", b"2"]


@pytest.mark.django_db
def test_rows_come_in_their_order_a_query_a_piece(django_assert_num_queries):
    made = [User.objects.create(username=f"u{n}", name=name) for n, name in enumerate("dabec")]
    rows = User.objects.filter(pk__in=[one.pk for one in made]).order_by("name")
    with django_assert_num_queries(4):
        assert [one.name for one in piecemeal(rows, size=2)] == list("abcde")


@pytest.mark.django_db
def test_a_row_that_goes_meanwhile_is_left_out():
    made = [User.objects.create(username=f"u{n}", name=name) for n, name in enumerate("abc")]
    coming = piecemeal(User.objects.filter(pk__in=[one.pk for one in made]).order_by("name"), size=1)
    assert next(coming).name == "a"
    made[1].delete()
    assert [one.name for one in coming] == ["c"]
