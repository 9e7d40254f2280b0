from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from cyberweek.knowledge.core.release import Quota, ReleaseRefusedError, open_pack, seal
from tests.arena.packs import make_item, make_pack, text

NOW = datetime(2019, 9, 16, 8, tzinfo=UTC)


def test_a_sealed_pack_reads_back_the_same():
    sealed = seal(make_pack(opens=NOW, closes=NOW + timedelta(days=7)))
    assert open_pack(sealed.pack, sealed.sha256) == make_pack(opens=NOW, closes=NOW + timedelta(days=7))


def test_the_same_instant_in_another_zone_makes_the_same_bytes():
    east = NOW.astimezone(timezone(timedelta(hours=8)))
    closes = NOW + timedelta(days=7)
    assert seal(make_pack(opens=NOW, closes=closes)) == seal(make_pack(opens=east, closes=closes))


def test_a_pack_with_a_byte_changed_is_refused():
    sealed = seal(make_pack())
    with pytest.raises(ReleaseRefusedError, match="hash differs"):
        open_pack(sealed.pack.replace(b'"points":5', b'"points":6'), sealed.sha256)


def with_item(**changes):
    bank = make_pack().bank
    return {"bank": [msgspec.structs.replace(bank[0], **changes), *bank[1:]]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"items": 7}, "the blueprint draws 6 items, the paper has 7"),
        ({"blueprint": [Quota("phishing", 6)]}, "topic phishing needs 6 items, the bank has 4"),
        ({"blueprint": [Quota("phishing", 3), Quota("phishing", 3)]}, "topic phishing is in the blueprint 2 times"),
        ({"opens": NOW, "closes": NOW}, "the contest closes before it opens"),
        ({"opens": NOW.replace(tzinfo=None)}, "opens and closes must be instants with an offset"),
        ({"zone": "Asia/Atlantis"}, "'Asia/Atlantis' is no time zone"),
        ({"title": {"en": "only"}}, "title has no zh-Hans text"),
        ({"items": 0}, "Expected `int` >= 1"),
        (with_item(key=["z"]), "item phishing-000: the key names 'z', which is not an option"),
        (with_item(key=[]), "item phishing-000: the key is empty"),
        (with_item(key=["a", "b"]), "item phishing-000: a single item has one right option, the key names 2"),
        (with_item(options=[]), "item phishing-000: needs 2 to 8 options, has 0"),
        (with_item(kind="true-false"), "item phishing-000: a true-false item has two options"),
        (with_item(stem=text(" ") | {"en": " "}), "item phishing-000: stem has no en text"),
        ({"bank": [*make_pack().bank, make_item("laws", 1, "single")]}, "item laws-001 is in the bank 2 times"),
    ],
)
def test_a_pack_that_contradicts_itself_is_refused_with_the_reason(changes, reason):
    with pytest.raises(ReleaseRefusedError) as refused:
        seal(make_pack(**changes))
    assert reason in str(refused.value)
