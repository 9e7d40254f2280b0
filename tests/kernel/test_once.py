"""A form that makes something makes it once, however often it is sent."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import timezone

from cyberweek import urls
from cyberweek.accounts.models import User
from cyberweek.kernel.actions import forget_presses
from cyberweek.kernel.models import Press
from cyberweek.kernel.views import once


@once
def make(request):
    """Makes somebody; what stands in `then` decides how it ends."""
    made = User.objects.create(username=uuid4().hex)
    if request.POST.get("then") == "refuse":
        raise PermissionDenied
    if request.POST.get("then") == "wrong":
        made.delete()
        return HttpResponse("say more", status=422)
    return redirect(f"/made/{made.pk}/")


urlpatterns = [path("make/", make), path("also/", make), *urls.urlpatterns]
MAKE, TOKEN = "/make/", {"csrfmiddlewaretoken": "of this page"}


@pytest.fixture(autouse=True)
def here():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def send(client, address=MAKE, **said):
    return client.post(address, TOKEN | said)


def told(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_second_press_is_led_to_what_the_first_made(client, db):
    first, second = send(client, name="Li"), send(client, name="Li")
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert User.objects.count() == 1
    assert told(second) == ["This was sent before: here is what it made."]


def test_a_page_opened_afresh_has_another_token(rf):
    """What `once` rests on: the token against forgery is masked anew for every page, of one session too."""
    request = rf.get("/")
    first = get_token(request)
    again = RequestFactory().get("/")
    again.META["CSRF_COOKIE"] = request.META["CSRF_COOKIE"]
    assert get_token(again) != first


@pytest.mark.parametrize("other", [{"csrfmiddlewaretoken": "of another page"}, {"name": "Wang"}, {"then": ""}])
def test_another_page_or_other_words_make_another_thing(client, db, other):
    first, second = send(client, name="Li"), client.post(MAKE, TOKEN | {"name": "Li"} | other)
    assert first["Location"] != second["Location"]
    assert User.objects.count() == 2


def test_who_comes_back_and_changes_it_is_told_of_the_first(client, db):
    first, second = send(client, name="Li"), send(client, name="Wang")
    way = f'<a href="{first["Location"]}">Look at the first</a>'
    assert told(second) == [f"The same form had made something before; both are there now. {way}"]


def test_one_token_counts_once_for_each_address_and_person(client, db):
    send(client)
    assert send(client, "/also/").status_code == 302
    client.force_login(User.objects.first())
    send(client)
    assert User.objects.count() == 3


def test_files_of_one_name_and_size_are_told_apart_by_their_bytes(client, db):
    for body in (b"one", b"two", b"one"):
        send(client, file=SimpleUploadedFile("a.txt", body))
    assert User.objects.count() == 2


@pytest.mark.parametrize(("then", "status"), [("wrong", 422), ("refuse", 403)])
def test_what_made_nothing_may_be_sent_again(client, db, then, status):
    assert [send(client, then=then).status_code for _ in range(2)] == [status, status]
    assert (User.objects.count(), Press.objects.count()) == (0, 0)


def test_a_program_without_a_page_is_let_through(client, db):
    client.post(MAKE, {})
    client.post(MAKE, {})
    assert (User.objects.count(), Press.objects.count()) == (2, 0)


def test_presses_are_forgotten_after_a_week(client, db):
    send(client)
    now = timezone.now()
    assert forget_presses(now=now + dt.timedelta(days=6)) == 0
    assert forget_presses(now=now + dt.timedelta(days=8)) == 1


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Rows that other connections see."""
    with django_db_blocker.unblock():
        yield
        Press.objects.all().delete()
        User.objects.all().delete()
        connection.close()


def test_of_many_presses_at_the_same_moment_one_makes_it(committed):
    start = Barrier(6)

    def one(_n):
        start.wait()
        try:
            return send(Client(), name="Li")["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        places = set(pool.map(one, range(6)))
    assert len(places) == 1
    assert User.objects.count() == 1
