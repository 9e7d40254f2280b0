from __future__ import annotations

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import override


class Two(forms.Form):
    first = forms.CharField()
    second = forms.CharField()


@pytest.mark.parametrize(
    ("language", "given", "said"),
    [("zh-hans", {}, "有2处需要您处理"), ("zh-hans", {"first": "x"}, "有1处需要您处理"),
     ("en", {}, "2 things need your attention"), ("en", {"first": "x"}, "One thing needs your attention")],
)  # fmt: skip
def test_the_summary_of_errors_says_how_many_there_are(language, given, said):
    with override(language):
        assert said in render_to_string("kernel/_errors.html", {"form": Two(given)})


@pytest.mark.parametrize(("n", "is_told"), [(50_001, True), (50_000, False), (None, False)])
def test_a_list_that_excel_keeps_waiting_says_so(n, is_told):
    assert ("CSV begins at once" in render_to_string("kernel/_long_list.html", {"n": n})) == is_told
