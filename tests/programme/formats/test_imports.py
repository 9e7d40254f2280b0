from __future__ import annotations

import pytest

from cyberweek.documents.formats.csv import csv_file
from cyberweek.documents.formats.tables import NoTable, read_table
from cyberweek.programme.enums import Kind
from cyberweek.programme.formats.columns import COLUMNS, choice, columns_of, heads, moment, row_of
from cyberweek.programme.formats.imports import check_table
from tests.factories.programme import make_activity

HEAD = "活动名称,类型,主办单位,地区,开始时间,结束时间,方式,人数"
GOOD = "网安大巴,讲座,cac-shijiazhuang,130102,2019-09-19 15:00,2019/9/19 17:00,线下,300"


def check(cast, *rows, who="city_organiser", head=HEAD):
    return check_table(read_table("\n".join([head, *rows]).encode()), edition=cast.edition, user=getattr(cast, who))


def told(checked):
    return [(one.row, one.column, one.text) for one in checked.problems]


@pytest.mark.parametrize("chinese", [True, False])
def test_every_head_that_we_write_is_one_that_we_read(chinese):
    assert columns_of(heads(chinese=chinese)) == list(COLUMNS)


@pytest.mark.parametrize(
    "text",
    [
        "2019-09-19 15:00",
        "2019/9/19 15:00",
        "2019年9月19日15:00",
        "2019年9月19日 15时",
        "2019-09-19T15:00:00",
        "2019.9.19 15：00",
    ],
)
def test_moments_as_offices_write_them(text):
    assert f"{moment(text):%Y-%m-%d %H:%M}" == "2019-09-19 15:00"


@pytest.mark.parametrize("text", ["", "soon", "2019-09-19", "2019-13-01 10:00", "2019-09-19 25:00"])
def test_what_is_no_moment(text):
    with pytest.raises(ValueError):
        moment(text)


def test_a_kind_by_its_name_or_its_label():
    assert {choice(text, Kind) for text in ["lecture", "Lecture", " LECTURE "]} == {"lecture"}
    assert choice("party", Kind) is None


def test_a_good_row_is_an_activity(cast):
    head = "Title,Title in English,Kind,Lead organiser,Region,Starts,Ends,Theme day,Co-organisers,Capacity"
    row = '网安大巴,Bus,lecture,Unit cac-shijiazhuang,Chang\'an,2019-09-19 15:00,2019-09-19 17:00,4,cac-hebei; cac-changan,"1,200"'
    checked = check(cast, row, head=head)
    assert told(checked) == []
    (entry,) = checked.entries
    activity = entry.activity
    assert activity.title == {"zh-Hans": "网安大巴", "en": "Bus"}
    assert (activity.lead, activity.region_id, activity.capacity) == (cast.city_unit, "130102", 1200)
    assert activity.theme_day.number == 4
    assert activity.starts.isoformat() == "2019-09-19T15:00:00+08:00"
    assert entry.partners == [(cast.provincial_unit, "co"), (cast.county_unit, "co")]


def test_every_problem_is_named_with_its_row_and_column(cast):
    found = check(
        cast,
        ",讲座,cac-shijiazhuang,,2019-09-19 15:00,2019-09-19 17:00,,",
        "a,聚餐,nobody,999999,soon,2019-09-19 17:00,电话,many",
        "b,lecture,cac-fujian,,2019-09-19 17:00,2019-09-19 15:00,,-5",
        "=1+1,lecture,cac-shijiazhuang,,2019-09-19 17:00,2021-09-19 15:00,,",
    )
    places = [(one.row, one.column) for one in found.problems]
    assert set(places) == {
        (2, "活动名称"), (3, "类型"), (3, "主办单位"), (3, "地区"), (3, "开始时间"), (3, "方式"), (3, "人数"),
        (4, "主办单位"), (4, "结束时间"), (4, "人数"), (5, "活动名称"), (5, "结束时间"),
    }  # fmt: skip
    texts = [text for _row, _column, text in told(found)]
    assert "You do not enter activities for Unit cac-fujian." in texts
    assert "It must end after it starts." in texts
    assert "A formula is refused: put its value there." in texts


def test_duplicates_within_the_file_and_with_what_is_there_are_named(cast):
    known = make_activity(edition=cast.edition, lead=cast.city_unit, title={"zh-Hans": "网安 大巴"}, code="A052")
    found = check(cast, GOOD, GOOD.replace("网安大巴", "别的"), GOOD.replace("网安大巴", "别的！"))
    assert known.starts.isoformat() == "2019-09-19T07:00:00+00:00"
    assert told(found) == [
        (2, "活动名称", "Already there as A052: same title, unit and time."),
        (4, "活动名称", "The same as row 3."),
    ]


def test_a_number_that_is_taken_is_named(cast):
    make_activity(edition=cast.edition, lead=cast.city_unit, code="A052")
    found = check(cast, "a052," + GOOD, head="编号," + HEAD)
    assert told(found) == [(2, "编号", "The number a052 is taken.")]


def test_a_table_without_a_needed_column_is_refused(cast):
    with pytest.raises(NoTable, match="“Lead organiser” / “主办单位”"):
        check(cast, "a,b", head="Title,Kind")


def test_unknown_columns_are_told(cast):
    assert check(cast, GOOD + ",x", head=HEAD + ",心情").unknown == ["心情"]


def test_html_is_text_like_any_other(cast):
    (entry,) = check(cast, GOOD.replace("网安大巴", "<b>x</b><script>")).entries
    assert str(entry.activity.title) == "<b>x</b><script>"


def test_many_rows_take_as_many_queries_as_one(cast, django_assert_max_num_queries):
    rows = [GOOD.replace("网安大巴", f"第{n}场") for n in range(200)]
    with django_assert_max_num_queries(8):
        assert told(check(cast, *rows)) == []


def test_what_is_exported_can_be_read_in_again(cast):
    activity = make_activity(
        edition=cast.edition, lead=cast.city_unit, theme_day=cast.edition.theme_days.first(), capacity=90,
        title={"zh-Hans": "网安大巴", "en": "Bus"}, audience={"en": "Seniors"},
    )  # fmt: skip
    content = csv_file([heads(chinese=False), row_of(activity)])
    type(activity).objects.all().delete()
    checked = check_table(read_table(content), edition=cast.edition, user=cast.city_organiser)
    assert told(checked) == []
    again = checked.entries[0].activity
    for name in ("code", "title", "summary", "kind", "lead", "region", "venue", "starts", "ends", "theme_day", "audience",
                 "format", "capacity", "contact_name", "contact"):  # fmt: skip
        assert getattr(again, name) == getattr(activity, name), name


def test_short_rows_are_rows_with_empty_cells(cast):
    assert {one.column for one in check(cast, "a,讲座").problems} == {"主办单位", "开始时间", "结束时间"}
