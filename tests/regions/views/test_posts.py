from __future__ import annotations

import pytest

from cyberweek.accounts.models import User
from cyberweek.regions.models import Post
from tests.factories.accounts import sign_in
from tests.factories.regions import make_post, make_user

HEBEI = "/desk/units/cac-hebei/posts"


def test_a_new_person_gets_an_account_and_the_first_password_is_shown_once(client, cast):
    sign_in(client, cast.provincial)
    answer = client.post(f"{HEBEI}/new/", {"username": "Sun.Lixin", "name": "孙立新", "roles": ["editor", "viewer"]})
    page = client.get(answer["Location"]).content.decode()

    post = Post.objects.get(person__username="sun.lixin")
    assert post.roles == ["editor", "viewer"]
    password = page.split('<code class="secret">')[1].split("<")[0]
    assert post.person.check_password(password)
    assert post.person.has_first_password
    again = client.get(answer["Location"]).content.decode()
    assert password not in again
    assert "It was shown once" in again


def test_someone_with_an_account_gets_a_post_by_user_name(client, cast):
    sign_in(client, cast.provincial)
    client.post(f"{HEBEI}/new/", {"username": "stranger", "name": "", "roles": ["viewer"]})
    assert Post.objects.filter(person=cast.stranger, unit=cast.provincial_unit).exists()


@pytest.mark.parametrize(
    ("facts", "field", "told"),
    [
        ({"username": "nobody", "name": "", "roles": ["viewer"]}, "name", "Nobody has this user name"),
        ({"username": "city", "name": "X", "roles": ["viewer"]}, "username", "is taken"),
        ({"username": "provincial", "name": "", "roles": ["viewer"]}, "username", "serves in this unit already"),
        ({"username": "has space", "name": "X", "roles": ["viewer"]}, "username", "small letters"),
        ({"username": "x1", "name": "X", "roles": []}, "roles", "required"),
        ({"username": "x1", "name": "X", "roles": ["king"]}, "roles", "king"),
    ],
)
def test_a_post_that_does_not_fit_is_refused_beside_its_field(client, cast, facts, field, told):
    sign_in(client, cast.provincial)
    people = User.objects.count()
    page = client.post(f"{HEBEI}/new/", facts)

    assert told in str(page.context["form"].errors[field])
    assert User.objects.count() == people


def test_nobody_lifts_their_own_rights_above_their_branch(client, cast):
    viewer = make_post(cast.city_organiser, cast.provincial_unit, "viewer")
    sign_in(client, cast.city_organiser)

    assert client.post(f"{HEBEI}/{viewer.pk}/", {"roles": ["coordinator"]}).status_code == 403
    assert client.post(f"{HEBEI}/new/", {"username": "x2", "name": "X", "roles": ["viewer"]}).status_code == 403
    assert client.post("/desk/units/cac/posts/new/", {"username": "city", "roles": ["coordinator"]}).status_code == 404
    viewer.refresh_from_db()
    assert viewer.roles == ["viewer"]


def test_a_post_is_only_reached_through_its_own_unit(client, cast):
    own = Post.objects.get(person=cast.city_organiser)
    theirs = Post.objects.get(person=cast.stranger)
    sign_in(client, cast.city_organiser)

    assert client.get(f"/desk/units/cac-shijiazhuang/posts/{own.pk}/").status_code == 200
    assert client.post(f"/desk/units/cac-shijiazhuang/posts/{theirs.pk}/dismiss/").status_code == 404
    assert client.post(f"/desk/units/cac-fujian/posts/{theirs.pk}/dismiss/").status_code == 404


def test_roles_are_changed_and_posts_ended(client, cast):
    post = make_post(make_user("x"), cast.provincial_unit, "viewer")
    sign_in(client, cast.provincial)
    client.post(f"{HEBEI}/{post.pk}/", {"roles": ["viewer", "reviewer"]})
    post.refresh_from_db()
    assert post.roles == ["reviewer", "viewer"]

    client.post(f"{HEBEI}/{post.pk}/dismiss/", {"reason": "moves"})
    assert not Post.objects.filter(pk=post.pk).exists()
    assert client.post(f"{HEBEI}/{post.pk}/dismiss/").status_code == 404


def test_the_last_coordinator_is_told_to_appoint_a_successor(client, cast):
    post = Post.objects.get(person=cast.national)
    sign_in(client, cast.national)
    page = client.post(f"/desk/units/cac/posts/{post.pk}/dismiss/", {"reason": ""})

    assert "appoint a successor first" in page.content.decode()
    page = client.post(f"/desk/units/cac/posts/{post.pk}/", {"roles": ["viewer"]})
    assert "appoint a successor first" in str(page.context["form"].errors["roles"])


@pytest.mark.parametrize(
    ("by", "whom", "status"),
    [
        ("provincial", "city_organiser", 200),
        ("provincial", "both", 403),
        ("provincial", "keeper", 403),
        ("provincial", "provincial", 403),
        ("stranger", "city_organiser", 404),
    ],
    ids=["below", "also serves elsewhere", "a keeper", "oneself", "out of scope"],
)
def test_who_may_renew_the_access_of_whom(client, cast, by, whom, status):
    if whom == "both":
        make_post(cast.stranger, cast.city_unit, "viewer")
        person = cast.stranger
    elif whom == "keeper":
        person = make_user("keeper", is_keeper=True)
        make_post(person, cast.city_unit, "viewer")
    else:
        person = getattr(cast, whom)
    post = Post.objects.filter(person=person, unit__in=[cast.city_unit, cast.provincial_unit]).get()
    sign_in(client, getattr(cast, by))
    address = f"/desk/units/{post.unit.code}/posts/{post.pk}/access/"

    assert client.get(address).status_code == status
    answer = client.post(address, {"reason": "lost the telephone"})
    person.refresh_from_db()
    assert person.has_first_password is (status == 200)
    assert answer.status_code == (302 if status == 200 else status)
