from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cyberweek.accounts.models import User
from cyberweek.regions.models import Post


def create(monkeypatch, *arguments: str, password: str = "four words make one") -> str:
    monkeypatch.setattr("sys.stdin", StringIO(password + "\n"))
    out = StringIO()
    call_command("createorganiser", *arguments, stdout=out)
    return out.getvalue()


def test_an_organiser_is_made_with_unit_roles_and_password(cast, monkeypatch):
    create(monkeypatch, "Zhao.Lei", "--name", "Zhao Lei", "--unit", "cac-hebei", "--roles", "editor,reviewer")

    person = User.objects.get(username="zhao.lei")
    assert person.check_password("four words make one")
    assert Post.objects.get(person=person).roles == ["reviewer", "editor"]


@pytest.mark.parametrize(
    ("arguments", "password", "problem"),
    [
        (["new", "--name", "N", "--unit", "nowhere"], "four words make one", "There is no unit nowhere"),
        (["new", "--name", "N", "--roles", "king"], "four words make one", "There is no role king"),
        (["national", "--name", "N"], "four words make one", "There is an account national already"),
        (["new", "--name", "N"], "short", "at least 12 characters"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_changes_nothing(cast, monkeypatch, arguments, password, problem):
    with pytest.raises(CommandError, match=problem):
        create(monkeypatch, *arguments, password=password)
    assert not User.objects.filter(username="new").exists()
