from __future__ import annotations

import pytest

from cyberweek.kernel.core.figures import compact, phrases


@pytest.mark.parametrize(
    ("count", "western", "chinese"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1_000, "1k", "1000"),
        (1_234, "1.2k", "1234"),
        (9_999, "9.9k", "9999"),
        (10_000, "10k", "1万"),
        (131_000, "131k", "13万"),
        (2_030_214, "2M", "203万"),
        (1_400_000_000, "1.4G", "14亿"),
    ],
)
def test_a_count_is_short_and_never_rounded_up(count, western, chinese):
    assert compact(count, chinese=False) == western
    assert compact(count, chinese=True) == chinese


@pytest.mark.parametrize(
    ("headline", "cut"),
    [
        ("网络安全为人民，网络安全靠人民", ["网络安全为人民", "网络安全靠人民"]),
        ("Cybersecurity for the people, by the people", ["Cybersecurity for the people,", "by the people"]),
        ("One breath", ["One breath"]),
        ("", []),
    ],
)
def test_a_headline_breaks_where_a_breath_is_taken(headline, cut):
    assert phrases(headline) == cut
