"""What an export proves, and that nothing in it can be changed unseen."""

import base64
import gzip
import lzma
import random
from contextlib import nullcontext, suppress
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cyberweek.draws.core import draws
from cyberweek.knowledge.core.chain import NOBODY, Entry, signing_key
from cyberweek.knowledge.core.exports import LINE_LIMIT, checksum
from cyberweek.verify.reader import read_export
from cyberweek.verify.report import NotAnExportError
from tests.verify.ledgers import KEY, OPENS, OPENS_MS, Contest


@pytest.fixture(scope="module")
def contest():
    return Contest()


@pytest.fixture(scope="module")
def export(contest):
    return contest.export()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("exports")


def read(folder, data, **asked):
    path = folder / "export"
    path.write_bytes(data)
    return read_export(path, **asked)


def sealed_again(data, key=None):
    """The checksums and the hash of a changed export made right again; without the key the signature stays."""
    from hashlib import sha256

    from cyberweek.knowledge.core.exports import sealed_hash

    before, written = 0, []
    for line in data.splitlines(keepends=True):
        content = line.partition(b"\t")[2].rstrip(b"\n")
        digest = sha256(b"".join(written)).digest()
        if content.startswith(b"sha256\t"):
            content, sealed = b"sha256\t" + digest.hex().encode(), digest
        if content.startswith(b"signature\t") and key:
            content = b"signature\t" + base64.b64encode(key.sign(sealed_hash(sealed)))
        before = checksum(content, before)
        written.append(b"%08x\t%b\n" % (before, content))
    return b"".join(written)


def _is_refused(folder, data):
    try:
        read(folder, data)
    except NotAnExportError:
        return True
    return False


def faults(report):
    return [str(fault) for fault in report.faults]


def test_an_honest_export_holds_and_leads_to_the_boards(folder, contest, export):
    report = read(folder, export, key=KEY.public_key())
    assert faults(report) == []
    assert (report.boards, report.boards_said) == (contest.boards(), contest.boards())
    assert (report.batches, report.papers, report.entries) == (7, 12, 36)
    assert report.head == contest.batches[-1][0].head.hex()


def test_what_belongs_to_other_contests_is_not_in_it(export):
    assert b"other" not in export


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_packed_export_is_read_as_it_is(folder, export, pack):
    assert read(folder, pack(export)).holds


def test_rulings_change_the_boards_and_are_followed(folder):
    contest = Contest()
    before = contest.boards()
    best = min(contest.papers, key=lambda entry: (-entry.score, entry.seconds, entry.at_ms))
    contest.rule("exclude", best.participant)
    assert contest.boards() != before
    assert faults(read(folder, contest.export())) == []


def test_a_regrade_marks_by_the_later_keys(folder):
    contest = Contest()
    before = contest.boards()
    bank = [
        msgspec.structs.replace(item, key=["b" if item.key == ["a"] else "a"]) if item.kind == "single" else item
        for item in contest.pack.bank
    ]
    contest.release(msgspec.structs.replace(contest.pack, number=2, bank=bank))
    contest.rule("regrade", release=2)
    assert contest.boards() != before
    assert faults(read(folder, contest.export())) == []


def test_an_export_may_begin_in_the_midst_of_the_chain(folder):
    contest = Contest(players=3)
    report = read(folder, contest.export(first=2, boards="?"), heads=[contest.batches[0][0].head.hex()])
    assert report.heads == {contest.batches[0][0].head.hex(): 1}


# -- Damage --


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_byte_that_is_changed_is_found_and_its_line_named(folder, export, data):
    place = data.draw(st.integers(0, len(export) - 1))
    other = data.draw(st.integers(1, 255))
    changed = export[:place] + bytes([export[place] ^ other]) + export[place + 1 :]
    line = export.count(b"\n", 0, place) + 1
    if line == 1:
        with pytest.raises(NotAnExportError, match="line 1") if _is_refused(folder, changed) else nullcontext():
            assert read(folder, changed).faults[0].line == 1
    else:
        assert line in {fault.line for fault in read(folder, changed).faults}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_lines_left_out_doubled_or_swapped_are_found_where_it_happened(folder, export, data):
    lines = export.splitlines(keepends=True)
    place = data.draw(st.integers(1, len(lines) - 2))
    first, second = lines[place], lines[place + 1]
    middle = data.draw(st.sampled_from([[second], [first, first, second], [second, first]]))
    report = read(folder, b"".join([*lines[:place], *middle, *lines[place + 2 :]]))
    assert {fault.line for fault in report.faults} & {place + 1, place + 2}


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_an_export_that_is_cut_off_anywhere_does_not_hold(folder, export, data):
    cut = data.draw(st.integers(0, len(export) - 1))
    try:
        assert not read(folder, export[:cut]).holds
    except NotAnExportError:
        assert cut < export.index(b"\n")


# -- Forgery --


def test_a_changed_answer_is_found_in_its_batch_though_checksums_fit(folder, export):
    forged = sealed_again(export.replace(b"\tblue\n", b"\tpink\n", 1))
    report = read(folder, forged)
    assert any(fault.batch == 1 and "not those that were hashed" in fault.text for fault in report.faults)
    assert any("signature of the export" in fault.text for fault in report.faults)


def test_a_forged_end_is_found_by_the_signature_alone(folder, export, contest):
    forged = sealed_again(export.replace(b"\tregion\t350000\t", b"\tregion\t350001\t"))
    assert any("signature of the export does not hold" in fault for fault in faults(read(folder, forged)))


def test_a_whole_ledger_of_another_key_holds_by_itself_and_fails_under_the_key_that_was_published(folder):
    other = Contest(key=signing_key("somebody else"))
    data = other.export()
    assert read(folder, data).holds
    told = faults(read(folder, data, key=KEY.public_key()))
    assert told[0] == "line 4: the export names another key than the one that was given"
    assert any("batch 1: its signature does not hold" in fault for fault in told)


def test_another_ledger_of_the_same_key_fails_at_the_head_that_was_published(folder):
    published = Contest().batches[-1][0].head.hex()
    told = faults(read(folder, Contest(seed=2).export(), heads=[published]))
    assert told == [f"the head {published} is not that of any batch in the export"]


def test_a_paper_that_was_graded_wrong_is_named(folder):
    contest = Contest(players=1, batch_size=100)
    batch, lines = contest.batches.pop()
    contest._head = batch.previous
    place = next(n for n, line in enumerate(lines) if line.startswith(b"submit"))
    fields = lines[place].split(b"\t")
    fields[12] = b"%d" % (int(fields[12]) + 5)
    contest.append([*lines[:place], b"\t".join(fields), *lines[place + 1 :]])
    report = read(folder, contest.export())
    assert [(f.batch, f.position, f.attempt) for f in report.faults] == [(1, place, fields[2].decode())]


def test_a_paper_handed_in_twice_late_or_without_a_start_is_named(folder):
    contest = Contest(players=2)
    paper = contest.papers[0]
    contest.append([paper])
    late = msgspec.structs.replace(contest.papers[1], attempt="00000000-0000-4000-8000-000000000000")
    contest.append([late])
    report = read(folder, contest.export())
    assert [fault.batch for fault in report.faults] == [len(contest.batches) - 1, len(contest.batches)]
    assert all("has no open start" in fault.text for fault in report.faults)


def test_a_ruling_that_is_hidden_from_the_list_is_named(folder):
    contest = Contest(players=2)
    contest.rule("exclude", contest.papers[0].participant)
    lines = contest.export().splitlines(keepends=True)
    hidden = b"".join(line for line in lines if b"\truling\t" not in line)
    told = faults(read(folder, sealed_again(hidden, KEY)))
    assert any("the ledger holds an organiser’s entry (exclude) that is not told" in fault for fault in told)


# -- Draws --


def _with_a_draw(public="sh-index 2905.19", *, chosen=None):
    """A contest and a draw among those with at least ten points; `chosen` are winners that somebody made up."""
    contest = Contest(players=5)
    id_, seed = "7a7a7a7a-0000-4000-8000-000000000000", "5e" * 32
    known = OPENS + timedelta(days=2)
    commit = draws.Commit(2, 1, "", 10, draws.seed_hash(seed), "the index's close", known)
    before = len(contest.batches)
    entries = sorted({paper.participant for paper in contest.papers if paper.score >= 10})
    freeze = draws.Freeze(before, len(entries), draws.list_hash(entries))
    drawn = chosen or draws.winners(entries, commit, seed, public)
    reveal = draws.Reveal(seed, public, draws.list_hash(drawn))
    for days, step in ((0, commit), (1, freeze), (3, reveal)):
        at_ms = OPENS_MS + days * 86_400_000
        contest.append(
            [Entry("draw", "2019-09-16", id_, "week", NOBODY, "", 0, 0, at_ms, draws.write_step(step))]
        )  # fmt: skip
    return contest


def test_a_draw_is_drawn_again(folder):
    report = read(folder, _with_a_draw().export())
    assert faults(report) == []
    assert [(draw.holds, draw.step, draw.prizes) for draw in report.draws] == [(True, "revealed", 2)]


def test_winners_that_were_made_up_are_found(folder):
    told = faults(read(folder, _with_a_draw(chosen=["x", "y", "z"]).export()))
    assert told == ["draw 7a7a7a7a-0000-4000-8000-000000000000: the seed and the public number lead to other winners"]


# -- Receipts --


def test_a_receipt_is_found_at_its_place(folder, contest, export):
    report = read(folder, export, receipts=[contest.receipt(2, 0)])
    assert [(proof.holds, proof.batch, proof.position) for proof in report.receipts] == [(True, 2, 0)]


def test_a_receipt_of_an_entry_that_the_export_keeps_back_is_named(folder):
    contest = Contest(players=2)
    receipt = contest.receipt(1, 0)
    keeping_back = contest.batches[0][1][0].replace(b"\tweek\t", b"\tother\t")
    contest.batches[0][1][0] = keeping_back
    told = faults(read(folder, contest.export(), receipts=[receipt]))
    assert any(fault.startswith("batch 1, position 0") and "receipt" in fault for fault in told)


def test_receipts_that_are_forged_or_of_another_ledger_do_not_hold(folder, contest, export):
    other = Contest(seed=3).receipt(1, 0)
    report = read(folder, export, receipts=["nonsense", "有", other, contest.receipt(1, 0)[:-4]])
    assert [proof.holds for proof in report.receipts] == [False] * 4


# -- Bad input --


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"hello\n", "line 1"),
        (b"\xff\xfe\x00" * 50, "line 1"),
        (b"x" * 10_000_000, "longer than"),
        (gzip.compress(b"0" * 10_000_000), "longer than"),
        (gzip.compress(b"", mtime=0), "empty"),
    ],
    ids=["nothing", "a word", "no text", "a long line", "a long line, packed", "nothing, packed"],
)
def test_what_is_no_export_is_refused_in_a_sentence(folder, data, said):
    with pytest.raises(NotAnExportError, match=said):
        read(folder, data)


def test_another_version_is_refused(folder, export):
    with pytest.raises(NotAnExportError, match="of version 2"):
        read(folder, sealed_again(export.replace(b"cyberweek export\t1\n", b"cyberweek export\t2\n")))


def test_a_folder_and_a_missing_file_are_refused(folder):
    for path in (folder, folder / "nothing"):
        with pytest.raises(NotAnExportError):
            read_export(path)


def test_an_endless_file_of_short_lines_is_not_read_to_its_end(folder, export):
    first = export.splitlines(keepends=True)[0]
    report = read(folder, gzip.compress(first + b"a\n" * 1_000_000))
    assert "reading stopped after line" in faults(report)[-1]


def test_a_line_of_ten_megabytes_in_the_midst_ends_the_reading(folder, export):
    lines = export.splitlines(keepends=True)
    report = read(folder, b"".join([*lines[:30], b"x" * 10_000_000 + b"\n", *lines[30:]]))
    assert any(fault.line == 31 and f"longer than {LINE_LIMIT}" in fault.text for fault in report.faults)


def _bent_anywhere(packed):
    """The packed file with one bit changed, at its ends and at places between."""
    rng = random.Random(5)
    for place in (*range(40), *rng.sample(range(len(packed)), 100), *range(len(packed) - 40, len(packed))):
        bent = bytearray(packed)
        bent[place] ^= 1 << rng.randrange(8)
        yield bytes(bent)


def test_any_bit_of_an_export_in_xz_that_is_changed_is_found(folder, export):
    for bent in _bent_anywhere(lzma.compress(export)):
        with suppress(NotAnExportError):
            assert not read(folder, bent).holds


def test_any_bit_of_an_export_in_gzip_that_is_changed_is_found_unless_it_says_nothing(folder, export):
    for bent in _bent_anywhere(gzip.compress(export)):
        with suppress(NotAnExportError):
            assert (
                not read(folder, bent).holds or gzip.decompress(bent) == export
            )  # gzip's time and system, filling bits


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
@pytest.mark.parametrize(
    "more",
    [b"x", b"\0", b"\0" * 512, b"junk" * 2000, gzip.compress(b""), lzma.compress(b"")],
    ids=["a letter", "a zero", "zeros", "junk", "more gzip", "more xz"],
)
def test_what_stands_after_a_packed_export_is_named(folder, export, pack, more):
    assert any("more stands after what was packed" in fault for fault in faults(read(folder, pack(export) + more)))


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_packed_export_that_is_cut_off_is_named(folder, export, pack):
    packed = pack(export)
    for left_out in (1, 4, 8, len(packed) // 2):
        assert any("it is cut off" in fault for fault in faults(read(folder, packed[:-left_out])))
    with pytest.raises(NotAnExportError, match="damaged in its beginning: it is cut off"):
        read(folder, packed[:20])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"\tbatch\t2\t", b"\tbatch\t1\t", "it stands where batch 2 belongs"),
        (b"\tbatch\t2\t7\t", b"\tbatch\t2\t-7\t", "is not a number"),
        (b"\tbatch\t2\t7\t", b"\tbatch\t2\t99999999999\t", "no batch has"),
        (b"\tmade\t", b"\tmade\t99999", "made"),
        (b"\tcounts\t", b"\tjackpot\t", "no line is of the kind"),
        (b"\tcounts\t7\t", b"\tcounts\t8\t", "counts 8 batches"),
        (b"\tcounts\t7\t", b"\tcounts\t-1\t", "is not a number"),
        (b"\tregion\tCN\t", b"\tregion\t\xff\xfe\t", "cannot be read"),
        (b"\tregion\tCN\tCN\n", b"\tregion\tCN\n", "fields"),
        (b"\tboards\t", b"\tboards\t0", "the boards that the server showed"),
        (b"\trelease\t1\t", b"\trelease\t2\t", "release 2"),
        (b"\tkey\t", b"\tkey\t=", "cannot be read"),
    ],
)
def test_nonsense_with_fitting_checksums_is_named(folder, export, old, new, said):
    report = read(folder, sealed_again(export.replace(old, new, 1)))
    assert any(said in fault for fault in faults(report)), faults(report)


def test_lines_out_of_order_are_named_though_checksums_fit(folder, export):
    lines = export.splitlines(keepends=True)
    told = faults(read(folder, sealed_again(b"".join([*lines[:2], lines[5], *lines[2:5], *lines[6:]]))))
    assert any("stands out of order" in fault for fault in told)
