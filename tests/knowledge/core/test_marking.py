import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.grading import Question, mark_paper
from cyberweek.knowledge.core.marking import Marker
from tests.arena.packs import make_pack

PACK = make_pack()
ANA = "00000000-0000-4000-8000-00000000000a"


def written(sheet, **changes):
    entry = Entry("submit", "2022-09-05", "a1", "week", ANA, "350203", 1, 1, 0, sheet)
    return msgspec.structs.replace(entry, **changes)


def paper_of(pack, ordinal=1):
    return [pack.bank[place] for place in Marker(pack).deck.draw(ANA, "2022-09-05", ordinal).items]


@given(st.data())
def test_a_paper_marked_again_has_the_marks_that_it_had(data):
    items = paper_of(PACK)
    answers = {item.id: data.draw(st.sampled_from([(), tuple(item.key), (item.options[0].id,)])) for item in items}
    sheet, (answered, correct) = mark_paper([Question(item) for item in items], answers)
    assert Marker(PACK).mark(written(sheet)) == (answered, correct, correct.bit_count() * PACK.points)


def test_a_later_release_marks_by_its_keys_matching_options_by_their_ids():
    item = paper_of(PACK)[0]
    turned = msgspec.structs.replace(item, options=item.options[::-1], key=[item.options[1].id])
    later = make_pack(number=2, bank=[turned if one.id == item.id else one for one in PACK.bank])
    sheet = ",".join(["b", *[""] * 5])
    was = Marker(PACK).mark(written(sheet)).score
    assert (was, Marker(PACK).mark(written(sheet), Marker(later)).score) == (5 * (item.key == ["b"]), 5)


def test_an_item_that_the_later_release_lacks_keeps_its_key():
    item = paper_of(PACK)[0]
    later = make_pack(number=2, bank=[one for one in PACK.bank if one.id != item.id])
    sheet = ",".join([Question(item).key, *[""] * 5])
    assert Marker(PACK).mark(written(sheet), Marker(later)) == (1, 1, 5)


@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_an_endless_run_scores_what_is_right_before_the_first_error(right):
    pack = make_pack(form="endless")
    wrong = "h"  # a letter that no item has
    sheet = ",".join(Question(item).key if ok else wrong for item, ok in zip(paper_of(pack), right, strict=False))
    streak = right.index(False) if False in right else len(right)
    assert Marker(pack).mark(written(sheet, kind="step")).score == streak * pack.points


def test_a_paper_redone_until_right_stays_the_days_first_one():
    pack = make_pack(form="until-right")
    sheet = ",".join(Question(item).key for item in paper_of(pack))
    assert Marker(pack).mark(written(sheet, ordinal=4)).correct == 0b111111


@pytest.mark.parametrize("form", ["paper", "endless"])
def test_a_sheet_of_the_wrong_length_is_refused(form):
    with pytest.raises(ValueError, match="7 answers"):
        Marker(make_pack(form=form)).mark(written(",".join("a" * 7)))
