from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.knowledge.formats.bank import write_bank
from cyberweek.knowledge.models import Item
from tests.factories.accounts import sign_in
from tests.factories.knowledge import content, make_item, make_topic
from tests.factories.regions import make_post, make_user

LIST = reverse("knowledge:item-list")


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def posted(**changes):
    """What the form of an item with one answer sends when all is filled in."""
    told = {
        "code": "phishing-001", "topic": "phishing", "owner": "cac-shijiazhuang", "stem_zh_hans": "怎么办？", "stem_en": "What now?",
        "explanation_zh_hans": "因为", "explanation_en": "Because", "reference_kind": "guide",
        "reference_title_zh_hans": "通行做法", "reference_title_en": "Common practice", "key": "b", "state": "ready",
        "option_a_zh_hans": "甲", "option_a_en": "One", "option_b_zh_hans": "乙", "option_b_en": "Two",
    }  # fmt: skip
    return {name: value for name, value in (told | changes).items() if value is not None}


@pytest.fixture
def city(client, cast):
    make_topic()
    return sign_in(client, cast.city_organiser)


def test_the_list_asks_for_sign_in(client, cast):
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("national", ["a-1", "b-1"]), ("provincial", ["a-1", "b-1"]), ("city_organiser", ["a-1", "b-1"]),
        ("county_organiser", ["a-1", "b-1"]), ("stranger", ["a-1"]),
    ],
)  # fmt: skip
def test_each_of_the_cast_finds_their_items_on_the_list_and_in_the_export(client, cast, who, codes):
    make_item(owner=cast.national_unit, code="a-1"), make_item(owner=cast.city_unit, code="b-1")
    sign_in(client, getattr(cast, who))
    page = client.get(LIST)
    assert [item.code for item, _lacks in page.context["rows"]] == codes
    told = json.loads(client.get(reverse("knowledge:item-export")).content)
    assert [item["code"] for item in told["items"]] == codes


def test_the_list_takes_the_same_queries_for_one_and_for_many(city, cast):
    make_item(owner=cast.national_unit)
    queries(city, LIST)  # the session's first request is dearer
    one = queries(city, LIST)
    for _ in range(6):
        make_item(owner=cast.city_unit, state="draft", explanation={})
    assert queries(city, LIST) == one


def test_the_list_is_filtered_and_says_what_a_draft_lacks(city, cast):
    make_item(owner=cast.national_unit, code="a-1"), make_item(owner=cast.city_unit, code="b-1", state="draft", key=[])
    page = city.get(LIST, {"state": "draft", "topic": "phishing"})
    assert [(item.code, lacks) for item, lacks in page.context["rows"]] == [("b-1", "Say which option is right.")]
    assert city.get(LIST, {"q": "nothing like it"}).context["rows"] == []
    assert city.get(LIST, {"topic": "unknown", "kind": "unknown"}).status_code == 200


def test_a_page_that_does_not_exist_gives_the_last(city, cast):
    make_item(owner=cast.national_unit)
    assert city.get(LIST, {"page": "99"}).context["page"].number == 1


@pytest.mark.parametrize(
    ("who", "seen", "edited"),
    [("national", 200, 200), ("provincial", 200, 200), ("city_organiser", 200, 200), ("county_organiser", 200, 403), ("stranger", 404, 404)],
)  # fmt: skip
def test_an_item_is_seen_from_below_and_changed_from_above(client, cast, who, seen, edited):
    make_item(owner=cast.city_unit, code="a-1")
    sign_in(client, getattr(cast, who))
    assert client.get(reverse("knowledge:item-detail", args=["a-1"])).status_code == seen
    assert client.get(reverse("knowledge:item-edit", args=["a-1"])).status_code == edited
    status = client.post(reverse("knowledge:item-retire", args=["a-1"])).status_code
    assert status == (302 if edited == 200 else edited)
    assert Item.objects.get().state == ("retired" if edited == 200 else "ready")


def test_html_in_an_item_stays_text(city, cast):
    make_item(owner=cast.city_unit, code="a-1", stem={"zh-Hans": "<script>x</script>", "en": "<script>x</script>"})
    for url in (LIST, reverse("knowledge:item-detail", args=["a-1"]), reverse("knowledge:item-edit", args=["a-1"])):
        page = city.get(url).content.decode()
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page


@pytest.mark.parametrize("kind", ["single", "multiple", "true-false"])
def test_the_empty_form_and_the_filled_one_open_for_every_kind(city, cast, kind):
    item = make_item(owner=cast.city_unit, kind=kind)
    assert city.get(reverse("knowledge:item-create"), {"kind": kind}).status_code == 200
    page = city.get(reverse("knowledge:item-edit", args=[item.code]))
    assert page.context["form"].initial["revision"] == 1


def test_an_item_is_made(city, cast):
    response = city.post(reverse("knowledge:item-create") + "?kind=single", posted())
    item = Item.objects.get()
    assert response.url == reverse("knowledge:item-detail", args=["phishing-001"])
    assert (item.owner, item.state, item.key, len(item.options)) == (cast.city_unit, "ready", ["b"], 2)


@pytest.mark.parametrize(("kind", "key"), [("multiple", ["a", "b"]), ("true-false", "false")])
def test_the_other_kinds_are_made_too(city, kind, key):
    response = city.post(reverse("knowledge:item-create") + f"?kind={kind}", posted(key=key))
    assert response.status_code == 302, response.context["form"].errors
    assert (Item.objects.get().kind, Item.objects.get().key) == (kind, [key] if isinstance(key, str) else key)


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"stem_en": ""}, "stem", "The question has no text in English."),
        ({"option_b_en": ""}, "option_b", "Option B has no text in English."),
        ({"option_b_en": "one"}, "option_b", "Options A and B say the same in English."),
        ({"key": None}, "key", "Say which option is right."),
        ({"key": "h"}, "key", "The key names option H, which is not there."),
        ({"reference_kind": "law"}, "reference_article", "A law is cited with its version and article."),
        ({"code": "Not Plain"}, "code", "A code has small letters, digits and single hyphens, as in phishing-025."),
        ({"code": "new"}, "code", "“new” is the address of a page; take another code."),
        ({"owner": "cac-hebei"}, "owner", "“cac-hebei” is neither a code nor a name that you can choose here."),
    ],
)
def test_each_error_is_said_beside_its_field_and_what_was_typed_stays(city, changes, field, error):
    response = city.post(reverse("knowledge:item-create") + "?kind=single", posted(**changes))
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [error]}
    assert "怎么办？" in response.content.decode()
    assert not Item.objects.exists()


def test_an_unfinished_item_is_kept_as_a_draft(city):
    city.post(reverse("knowledge:item-create") + "?kind=single", posted(state="draft", key=None, explanation_en=""))
    assert Item.objects.get().state == "draft"


def test_a_taken_code_is_said(city, cast):
    make_item(owner=cast.national_unit, code="phishing-001")
    response = city.post(reverse("knowledge:item-create") + "?kind=single", posted())
    assert response.context["form"].errors == {"code": ["There is an item phishing-001 already."]}


def test_an_edit_is_saved_and_a_second_from_the_same_page_is_told(city, cast):
    make_item(owner=cast.city_unit, code="phishing-001")
    url = reverse("knowledge:item-edit", args=["phishing-001"])
    assert city.post(url, posted(revision=1)).status_code == 302
    late = city.post(url, posted(revision=1, stem_en="Another question?"))
    assert (late.status_code, Item.objects.get().stem["en"]) == (422, "What now?")
    assert "Another question?" in late.content.decode()


def test_a_viewer_makes_nothing(client, cast):
    make_topic()
    viewer = make_user()
    make_post(viewer, cast.city_unit, "viewer")
    sign_in(client, viewer)
    assert client.post(reverse("knowledge:item-create"), posted()).status_code == 403
    assert client.get(reverse("knowledge:item-import")).status_code == 403


def test_a_retired_item_is_taken_up_again(city, cast):
    make_item(owner=cast.city_unit, code="a-1")
    city.post(reverse("knowledge:item-retire", args=["a-1"]), {"reason": "Outdated"})
    assert "Outdated" in city.get(reverse("knowledge:item-detail", args=["a-1"])).content.decode()
    city.post(reverse("knowledge:item-restore", args=["a-1"]))
    assert Item.objects.get().state == "draft"


# -- Import --


def upload(client, data, form="json", **changes):
    told = {"format": form, "topic": "phishing", "language": "en", "owner": "cac-shijiazhuang", **changes}
    return client.post(reverse("knowledge:item-import"), told | {"file": SimpleUploadedFile("items", data)})


def test_a_file_of_ours_comes_in_as_drafts(city):
    assert upload(city, write_bank([content("a-1"), content("a-2")])).status_code == 302
    assert set(Item.objects.values_list("code", "state")) == {("a-1", "draft"), ("a-2", "draft")}


def test_what_is_wrong_with_a_file_is_named_and_nothing_is_taken(city, cast):
    make_item(owner=cast.city_unit, code="a-2")
    response = upload(city, write_bank([content("a-1"), content("a-2"), content("a-3", key=["z"])]))
    assert response.status_code == 422
    assert [str(problem) for problem in response.context["problems"]] == [
        "a-2: There is an item a-2 already.", "a-3: The key names option Z, which is not there.",
    ]  # fmt: skip
    assert Item.objects.count() == 1


def test_an_unknown_topic_is_named(city):
    response = upload(city, write_bank([content("a-1", topic="cooking")]))
    assert [str(problem) for problem in response.context["problems"]] == ["a-1: There is no topic cooking."]


GIFT = "Is it so? {T}\n\nWhich port? {=443}\n\nWhich? {=a ~b}"


def test_questions_that_cannot_be_asked_stop_a_file_unless_they_are_left_out(city, cast):
    make_item(owner=cast.city_unit, code="phishing-001")
    assert upload(city, GIFT.encode(), "gift").status_code == 422
    assert Item.objects.count() == 1
    upload(city, GIFT.encode(), "gift", leave_out="on")
    assert set(Item.objects.values_list("code", flat=True)) == {"phishing-001", "phishing-002", "phishing-003"}


def test_a_file_from_the_chinese_windows_is_read(city):
    upload(city, "怎么办？\nA. 甲\nB. 乙\nANSWER: A".encode("gb18030"), "aiken", language="zh-Hans")
    assert Item.objects.get().stem == {"zh-Hans": "怎么办？"}


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xfe\x00", b"x" * (2 * 1024 * 1024 + 1)])
def test_a_file_that_is_none_is_refused_in_words(city, data):
    response = upload(city, data)
    assert response.status_code == 422
    assert response.context["problems"] or response.context["form"].errors
    assert not Item.objects.exists()
