from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cyberweek.knowledge.formats.bank import write_bank
from cyberweek.knowledge.models import Item, Topic
from tests.factories.knowledge import content


def load(*arguments):
    out = StringIO()
    call_command("loaditems", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_bank_that_ships_is_loaded_once_and_again_adds_nothing(cast):
    assert load() == "240 items added, 0 already there, 0 kept as they are, though the files say otherwise."
    assert load() == "0 items added, 240 already there, 0 kept as they are, though the files say otherwise."
    assert (Topic.objects.count(), Item.objects.filter(state="ready", owner=cast.national_unit).count()) == (10, 240)


def test_errors_are_named_by_file_and_code_and_nothing_is_loaded(cast, tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(write_bank([content("phishing-900")]))
    bad.write_text(json.dumps({"topic": "laws", "items": [{"code": "laws-900"}, {"code": "laws-901"}]}))
    with pytest.raises(CommandError) as error:
        load(str(good), str(bad))
    assert [line.split(": ")[:2] for line in str(error.value).splitlines()[1:]] == [
        ["bad.json", "laws-900"],
        ["bad.json", "laws-901"],
    ]
    assert not Item.objects.exists()


def test_items_with_faults_are_named_and_nothing_is_loaded(cast, tmp_path):
    file = tmp_path / "bank.json"
    file.write_bytes(write_bank([content("phishing-900"), content("phishing-901", explanation={})]))
    with pytest.raises(CommandError, match="phishing-901: The explanation has no text in Chinese"):
        load(str(file))
    assert not Item.objects.exists()


def test_the_owner_can_be_named(cast, tmp_path):
    file = tmp_path / "bank.json"
    file.write_bytes(write_bank([content("phishing-900")]))
    load(str(file), "--owner", "cac-hebei")
    assert Item.objects.get().owner == cast.provincial_unit
    with pytest.raises(CommandError, match="There is no unit nowhere"):
        load(str(file), "--owner", "nowhere")


@pytest.mark.django_db
def test_without_an_edition_the_owner_must_be_named():
    with pytest.raises(CommandError, match="There is no edition yet"):
        load()


def test_a_file_that_is_not_there_is_named(cast, tmp_path):
    with pytest.raises(CommandError, match=r"none\.json: No such file"):
        load(str(tmp_path / "none.json"))
