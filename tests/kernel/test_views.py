"""What a browser sees when a page fails: whose fault, and whether trying again helps."""

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError
from django.test import Client, override_settings
from django.urls import path

from cyberweek import urls


def no_database(request):
    raise OperationalError("the connection is closed")


def standby(request):
    raise ProgrammingError from psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT")


def mistake(request):
    return 1 / 0


urlpatterns = [path("away/", no_database), path("standby/", standby), path("mistake/", mistake), *urls.urlpatterns]
handler500 = urls.handler500


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("address", ["/away/", "/standby/"])
def test_a_page_without_its_database_says_when_to_come_back(address):
    answer = Client(raise_request_exception=False).get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Back in a moment" in answer.text
    assert "马上回来" in answer.text


@override_settings(ROOT_URLCONF=__name__)
async def _ask(address):
    from django.test import AsyncClient

    return await AsyncClient(raise_request_exception=False).get(address)


def test_so_it_does_under_asgi():
    import asyncio

    assert asyncio.run(_ask("/away/")).status_code == 503


@override_settings(ROOT_URLCONF=__name__)
def test_a_mistake_of_ours_is_a_500():
    answer = Client(raise_request_exception=False).get("/mistake/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers
    page = answer.content.decode()
    assert "/static/kernel/pages.css" in page
    assert "我们这边出了问题" in page
