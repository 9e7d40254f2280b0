"""No page of a juror says whose an entry is: names, codes, regions, people, files and history."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cyberweek.honours.actions import add_files, begin_scoring, close_call, submit_entry
from cyberweek.honours.models import Sheet
from cyberweek.kernel.core.localized import LocalizedText
from tests.factories.accounts import sign_in
from tests.factories.honours import CLOSES, DURING, SCORING, make_call, make_entry, make_juror
from tests.factories.regions import make_post, make_user

EDITION = "2019-national"


@pytest.fixture
def at(monkeypatch):
    def set_clock(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_clock


def to(name, *args):
    return reverse(f"honours:{name}", args=[EDITION, *args])


def picture(name):
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue())


@pytest.fixture
def scene(cast, at):
    """Three units tell who they are wherever they can; a juror of the stranger's office and one without a post read."""
    call = make_call(edition=cast.edition, owner=cast.national_unit)
    secrets = []
    for unit in (cast.provincial_unit, cast.city_unit, cast.county_unit):
        region = unit.region
        name, place = unit.name["en"], region.name["en"]
        told = LocalizedText(
            {"en": f"{name} of {place} did it", "zh-Hans": f"{unit.name['zh-Hans']}在{region.name['zh-Hans']}做的"}
        )
        entry = make_entry(
            call=call, unit=unit, sent=False, title=told, problem=told, practice=told, result=told, reuse=told,
            contact_name="Zhou Min", contact="min@unit.example",
        )  # fmt: skip
        add_files(entry=entry, files=[picture(f"{unit.code}.png")], by=None, now=DURING)
        submit_entry(entry=entry, by=None, now=DURING)
        secrets += [unit.code, *unit.name.values(), *region.name.values(), region.name["zh-Hans"][:-1]]
        secrets += [unit.region_id, "Zhou Min", "min@unit.example", *unit.posts.values_list("person__name", flat=True)]
    close_call(call=call, by=None, now=CLOSES)
    plain = make_user("expert", name="Expert")
    abroad = make_user("abroad", name="Abroad")
    make_post(abroad, cast.stranger_unit, "coordinator")
    jurors = [make_juror(call, plain), make_juror(call, abroad)]
    begin_scoring(call=call, by=None, now=SCORING)
    at(SCORING)
    return call, jurors, secrets


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("which", [0, 1])
def test_every_page_of_a_juror_keeps_the_units_to_itself(client, scene, which, language):
    call, jurors, secrets = scene
    sign_in(client, jurors[which].person)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    numbers = list(jurors[which].sheets.values_list("entry__number", flat=True))
    assert numbers
    walked = [to("desk-list"), to("jury", call.pk), to("jury-conflict", call.pk), to("desk-entries")]
    walked += [to("jury-sheet", call.pk, number) for number in numbers]
    walked += [to("jury-sheet", call.pk, number) for number in numbers]
    for address in walked:
        answer = client.get(address)
        assert answer.status_code == 200
        for secret in secrets:
            assert secret not in answer.text, (address, secret)
    wrong = client.post(to("jury-sheet", call.pk, numbers[0]), {"then": "hand-in"})
    done = client.post(to("jury-conflict", call.pk), {"number": "999", "reason": "x"})
    for answer in (wrong, done):
        assert answer.status_code == 422
        assert not [secret for secret in secrets if secret in answer.text]


def test_a_file_comes_under_its_number(client, scene):
    call, jurors, secrets = scene
    sign_in(client, jurors[0].person)
    number = jurors[0].sheets.values_list("entry__number", flat=True)[0]
    answer = client.get(to("jury-file", call.pk, number, 1))
    assert answer.status_code == 200
    assert "attachment-1.png" in answer["Content-Disposition"]
    assert not [secret for secret in secrets if secret in str(answer.headers)]


def test_the_desk_and_its_audit_trail_tell_a_juror_no_more(client, scene):
    """A juror's own rights as an organiser of elsewhere do not open the entries either."""
    call, jurors, _secrets = scene
    sign_in(client, jurors[1].person)
    entry = Sheet.objects.filter(juror=jurors[1]).first().entry
    assert client.get(to("desk-entry", entry.pk)).status_code == 404
    assert client.get(to("desk-call-entries", call.pk)).text.count("cac-changan") == 0
    assert client.get(to("desk-jury", call.pk)).status_code == 403
    assert client.get(to("desk-results", call.pk)).status_code == 403
    trail = client.get(reverse("desk:audit")).text
    assert "did it" not in trail
    assert "做的" not in trail


def test_who_sits_on_no_jury_has_no_jury_pages(client, cast, scene):
    call, _jurors, _secrets = scene
    sign_in(client, cast.national)
    assert client.get(to("jury", call.pk)).status_code == 404
    assert client.get(to("jury-sheet", call.pk, 1)).status_code == 404


def test_numbers_do_not_follow_the_order_of_entry(cast, at, monkeypatch):
    monkeypatch.setattr("random.SystemRandom.shuffle", lambda _self, numbers: numbers.reverse())
    call = make_call(edition=cast.edition, owner=cast.national_unit)
    entries = [make_entry(call=call, unit=cast.county_unit) for _ in range(8)]
    close_call(call=call, by=None, now=CLOSES)
    numbers = []
    for entry in entries:
        entry.refresh_from_db()
        numbers.append(entry.number)
    assert numbers == [8, 7, 6, 5, 4, 3, 2, 1]
