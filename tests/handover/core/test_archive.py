from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.handover.core import archive
from cyberweek.handover.core.archive import ArchiveError, Fault, pack, signing_key, unpack

KEY = signing_key("a secret of some installation")
FILES = {"plan.json": b'{"arrangements": []}', "lessons.json": b"[]", "readme.md": "# 交接\n".encode()}
FACTS = {"edition": "2019-national", "about": {"title": {"en": "The Week"}}, "made": "2019-11-30T10:00:00Z"}
PACKED = pack(FILES, **FACTS, key=KEY)


def zipped(*parts: tuple[str, bytes], after=None) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in parts:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if after:
                after(info)
            packed.writestr(info, body)
    return written.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def refused(content: bytes) -> tuple[Fault, str]:
    with pytest.raises(ArchiveError) as caught:
        unpack(content)
    return caught.value.fault, caught.value.path


def test_what_is_packed_comes_out_again_with_who_signed_it():
    read = unpack(PACKED)
    assert dict(read.files) == FILES
    assert (read.manifest.edition, read.manifest.made) == ("2019-national", "2019-11-30T10:00:00Z")
    assert read.key == archive.key_text(KEY.public_key())
    assert len(read.fingerprint.replace(" ", "")) == 64


def test_the_same_content_gives_the_same_bytes_in_any_order():
    assert pack(dict(reversed(FILES.items())), **FACTS, key=KEY) == PACKED


@pytest.mark.parametrize("path", [*FILES, "manifest.json", "signature.json"])
def test_a_tampered_file_is_refused_by_name(path):
    parts = parts_of(PACKED)
    parts[path] = parts[path].replace(b"a", b"b", 1).replace(b"[", b"(", 1).replace(b"#", b"!", 1)
    fault, named = refused(zipped(*parts.items()))
    assert fault in {Fault.TAMPERED, Fault.SIGNATURE, Fault.DAMAGED}
    assert named == ("manifest.json" if path == "manifest.json" else path) or path == "signature.json"


@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_changes_nothing_that_is_read(at, flip):
    bent = bytearray(PACKED)
    bent[at] ^= flip
    try:
        read = unpack(bytes(bent))
    except ArchiveError:
        return
    assert (dict(read.files), read.digest, read.key) == (FILES, unpack(PACKED).digest, unpack(PACKED).key)


@pytest.mark.parametrize(
    "path", ["../plan.json", "/etc/passwd", "a/b.json", "..\\plan.json", "C:plan.json", "PLAN.JSON", "x.sh", "x.json/"]
)
def test_a_path_that_is_none_of_ours_is_refused_whatever_is_signed(path):
    assert refused(zipped(*parts_of(PACKED).items(), (path, b"")))[0] == Fault.PATH


def test_a_link_is_refused():
    def link(info):
        info.external_attr = 0o120777 << 16

    assert refused(zipped(("plan.json", b"/etc/passwd"), after=link)) == (Fault.PATH, "plan.json")


def test_files_that_lack_or_that_nobody_named_or_that_come_twice_are_refused():
    parts = parts_of(PACKED)
    assert refused(zipped(*[one for one in parts.items() if one[0] != "lessons.json"])) == (
        Fault.MISSING,
        "lessons.json",
    )
    assert refused(zipped(*[one for one in parts.items() if one[0] != "signature.json"]))[0] == Fault.MISSING
    assert refused(zipped(*parts.items(), ("more.json", b"{}"))) == (Fault.STRANGER, "more.json")
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped(*parts.items(), ("plan.json", b"{}"))
    assert refused(twice) == (Fault.TWICE, "plan.json")


def test_an_archive_that_unpacks_to_more_than_it_says_is_left_at_that():
    parts = parts_of(PACKED)
    parts["plan.json"] = b" " * 200_000_000  # a fifth of a megabyte packed
    bomb = zipped(*parts.items())
    assert len(bomb) < 1_000_000
    assert refused(bomb) == (Fault.TAMPERED, "plan.json")
    assert refused(zipped(("manifest.json", b" " * 200_000_000), ("signature.json", b"{}"))) == (
        Fault.UNPACKS, "manifest.json",
    )  # fmt: skip
    assert refused(zipped(*((f"a{n}.json", b"") for n in range(100))))[0] == Fault.UNPACKS
    assert refused(b"PK" + b"\0" * archive.LARGEST)[0] == Fault.TOO_LARGE


def test_a_manifest_that_promises_a_hundred_gigabytes_is_refused_though_it_is_signed(monkeypatch):
    monkeypatch.setattr(archive, "UNPACKED", 10)
    assert refused(PACKED)[0] == Fault.UNPACKS


def test_another_key_is_another_signature_and_a_signature_of_something_else_is_none():
    other = pack(FILES, **FACTS, key=signing_key("another"))
    assert unpack(other).digest == unpack(PACKED).digest
    assert unpack(other).fingerprint != unpack(PACKED).fingerprint
    parts = parts_of(PACKED)
    changed = parts["manifest.json"].replace(b"2019-national", b"2020-national")
    assert refused(zipped(*(parts | {"manifest.json": changed}).items())) == (Fault.SIGNATURE, "manifest.json")


@pytest.mark.parametrize(
    ("change", "fault"), [({"version": 2}, Fault.NEWER), ({"format": "x"}, Fault.FOREIGN), ({"made": 3}, Fault.FOREIGN)]
)
def test_a_signed_manifest_of_another_kind_is_refused(change, fault):
    parts = parts_of(PACKED)
    manifest = json.dumps(json.loads(parts["manifest.json"]) | change).encode()
    signature = archive._json(
        archive._Signature(
            archive.key_text(KEY.public_key()),
            archive.base64.b64encode(KEY.sign(archive.SEAL + manifest)).decode(),
        )
    )
    parts |= {"manifest.json": manifest, "signature.json": signature}
    assert refused(zipped(*parts.items())) == (fault, "manifest.json")


@given(st.binary(max_size=2000))
def test_bytes_that_are_no_archive_are_refused(content):
    assert refused(content)[0] in {Fault.NOT_AN_ARCHIVE, Fault.MISSING}


def test_nothing_is_packed_that_no_reader_would_take():
    for path in ("manifest.json", "a/b.json", "run.sh"):
        with pytest.raises(ValueError, match="no such files"):
            pack({path: b""}, **FACTS, key=KEY)
