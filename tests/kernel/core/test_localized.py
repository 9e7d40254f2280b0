from __future__ import annotations

import pytest

from cyberweek.kernel.core.localized import LocalizedText


@pytest.mark.parametrize(
    ("texts", "tag", "shown"),
    [
        ({"zh-Hans": "法治日", "en": "Rule of Law Day"}, "zh-hans", "法治日"),
        ({"zh-Hans": "法治日", "en": "Rule of Law Day"}, "en", "Rule of Law Day"),
        ({"zh-Hans": "法治日", "en": "Rule of Law Day"}, "en-gb", "Rule of Law Day"),
        ({"zh-Hans": "法治日", "en": "Rule of Law Day"}, "fr", "Rule of Law Day"),
        ({"zh-Hans": "法治日"}, "en", "法治日"),
        ({}, "en", ""),
    ],
)
def test_the_nearest_language_is_shown(texts, tag, shown):
    assert LocalizedText(texts).in_language(tag) == shown


def test_empty_translations_are_no_translations():
    text = LocalizedText({"zh-Hans": "津", "en": ""})
    assert dict(text) == {"zh-Hans": "津"}
    assert not LocalizedText({"en": ""})


def test_a_text_knows_in_which_language_it_is_shown():
    assert LocalizedText({"zh-Hans": "津"}).language() == "zh-Hans"
