"""The archive that one host hands to the next: a ZIP of plain files, a manifest with their digests, a signature of it.

    manifest.json   format, version, what the edition is, when it was made, and of every file its path, size and SHA-256
    signature.json  the Ed25519 signature of manifest.json's bytes (after SEAL), and the public key
    …               the files, each in one folder: no path can lead anywhere

The same content and key give the same bytes. The reader trusts nothing that the ZIP says of itself: it counts what it
unpacks, and knows no file but those of the manifest.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import stat
import zipfile
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cyberweek.kernel.core.tokens import derive_key
from cyberweek.knowledge.core.exports import fingerprint, key_from, key_text

FORMAT: Final = "cyberweek hand-over"
VERSION: Final = 1
SEAL: Final = b"cyberweek hand-over manifest\n"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.json"

LARGEST: Final = 50 * 1024 * 1024  # bytes of an archive
UNPACKED: Final = 400 * 1024 * 1024  # bytes of all its files
FILES: Final = 64
_SMALL: Final = 1024 * 1024  # of the manifest and the signature
_PATH: Final = re.compile(r"[a-z][a-z0-9_-]{0,60}\.(json|csv|md)")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Fault(StrEnum):
    """Why an archive is refused; the words are those of `handover.enums`."""

    TOO_LARGE = "too-large"
    NOT_AN_ARCHIVE = "not-an-archive"
    UNPACKS = "unpacks"
    PATH = "path"  # leads out of the archive, or is none of ours
    TWICE = "twice"
    LOCKED = "locked"
    DAMAGED = "damaged"
    FOREIGN = "foreign"  # a manifest that is none, or of something else
    NEWER = "newer"
    SIGNATURE = "signature"
    MISSING = "missing"
    STRANGER = "stranger"  # a file that the manifest does not know
    TAMPERED = "tampered"


class ArchiveError(ValueError):
    """The archive is refused. `path`: the file that it is about, "" for the whole."""

    def __init__(self, fault: Fault, path: str = "") -> None:
        super().__init__(f"{fault}: {path}" if path else fault.value)
        self.fault = fault
        self.path = path


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file as the manifest knows it."""

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the archive says of itself. `made` is an instant in ISO 8601, `edition` its slug, `about` what a person reads."""

    format: str
    version: int
    edition: str
    about: dict[str, Any]
    made: str
    files: list[Entry]


class _Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    signature: str


@dataclass(frozen=True)
class Archive:
    """An archive whose signature and digests are right. Whether its key is that of a host one knows is another question."""

    manifest: Manifest
    files: Mapping[str, bytes]
    key: str  # the public key in base64
    digest: str  # SHA-256 of the manifest, which names all else: the same content has the same

    @property
    def fingerprint(self) -> str:
        """The key for reading aloud: the next host compares it with what the last one says."""
        return fingerprint(key_from(self.key))


def signing_key(secret: str) -> Ed25519PrivateKey:
    """The key of this installation for its hand-overs."""
    return Ed25519PrivateKey.from_private_bytes(derive_key(secret, "hand-over signature"))


def key_fingerprint(secret: str) -> str:
    """The fingerprint of this installation's key: what the next host compares."""
    return fingerprint(signing_key(secret).public_key())


def pack(
    files: Mapping[str, bytes], *, edition: str, about: Mapping[str, Any], made: str, key: Ed25519PrivateKey
) -> bytes:
    """The archive of these files. Raises ValueError for a path or number of files that no reader would take."""
    bad = [path for path in files if not _PATH.fullmatch(path) or path in {MANIFEST, SIGNATURE}]
    if bad or len(files) > FILES:
        raise ValueError(f"no such files in an archive: {bad or len(files)}")
    entries = [Entry(path, len(body), hashlib.sha256(body).hexdigest()) for path, body in sorted(files.items())]
    manifest = _json(Manifest(FORMAT, VERSION, edition, dict(about), made, entries))
    signed = _Signature(key_text(key.public_key()), base64.b64encode(key.sign(SEAL + manifest)).decode())
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path, body in [(MANIFEST, manifest), (SIGNATURE, _json(signed)), *sorted(files.items())]:
            packed.writestr(_info(path), body)
    return written.getvalue()


def unpack(content: bytes) -> Archive:
    """The archive, whole and right in every byte that is read. Raises ArchiveError, which names the file."""
    if len(content) > LARGEST:
        raise ArchiveError(Fault.TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _unpacked(packed)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(Fault.NOT_AN_ARCHIVE) from error


def _unpacked(packed: zipfile.ZipFile) -> Archive:
    parts = _parts(packed)
    for path in (MANIFEST, SIGNATURE):
        if path not in parts:
            raise ArchiveError(Fault.MISSING, path)
    written = _read(packed, parts[MANIFEST], _SMALL)
    key = _signed(written, _read(packed, parts[SIGNATURE], _SMALL))
    manifest = _manifest(written)
    known = {entry.path for entry in manifest.files}
    for path in parts:
        if path not in known | {MANIFEST, SIGNATURE}:
            raise ArchiveError(Fault.STRANGER, path)
    files = {}
    for entry in manifest.files:
        if entry.path not in parts:
            raise ArchiveError(Fault.MISSING, entry.path)
        body = _read(packed, parts[entry.path], entry.size)
        if len(body) != entry.size or hashlib.sha256(body).hexdigest() != entry.sha256:
            raise ArchiveError(Fault.TAMPERED, entry.path)
        files[entry.path] = body
    return Archive(manifest, files, key, hashlib.sha256(written).hexdigest())


def _parts(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What lies in the ZIP, by path; nothing is unpacked yet."""
    found: dict[str, zipfile.ZipInfo] = {}
    if len(packed.infolist()) > FILES + 2:
        raise ArchiveError(Fault.UNPACKS)
    for part in packed.infolist():
        path = part.orig_filename
        if not _PATH.fullmatch(path) or part.is_dir() or stat.S_ISLNK(part.external_attr >> 16):
            raise ArchiveError(Fault.PATH, path[:100])
        if path in found:
            raise ArchiveError(Fault.TWICE, path)
        if part.flag_bits & 0x1:
            raise ArchiveError(Fault.LOCKED, path)
        found[path] = part
    return found


def _read(packed: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int) -> bytes:
    """One file, at most `limit` bytes of it whatever the ZIP says of its size."""
    try:
        with packed.open(part) as file:
            body = file.read(limit + 1)
    except Exception as error:  # a ZIP can be broken in ways that nobody lists
        raise ArchiveError(Fault.DAMAGED, part.filename) from error
    if len(body) > limit:
        raise ArchiveError(Fault.UNPACKS if part.filename in {MANIFEST, SIGNATURE} else Fault.TAMPERED, part.filename)
    return body


def _signed(manifest: bytes, signature: bytes) -> str:
    """The public key that signed the manifest."""
    try:
        said = msgspec.json.decode(signature, type=_Signature)
        key_from(said.key).verify(base64.b64decode(said.signature, validate=True), SEAL + manifest)
    except msgspec.MsgspecError as error:
        raise ArchiveError(Fault.DAMAGED, SIGNATURE) from error
    except (InvalidSignature, Base64Error, ValueError) as error:
        raise ArchiveError(Fault.SIGNATURE, MANIFEST) from error
    if signature != _json(said):  # one way to write it: no byte may be changed unseen
        raise ArchiveError(Fault.DAMAGED, SIGNATURE)
    return said.key


def _manifest(written: bytes) -> Manifest:
    try:
        head = msgspec.json.decode(written)
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise ArchiveError(Fault.FOREIGN, MANIFEST)
        if head.get("version") != VERSION:
            raise ArchiveError(Fault.NEWER, MANIFEST)
        manifest = msgspec.convert(head, type=Manifest)
    except msgspec.MsgspecError as error:
        raise ArchiveError(Fault.FOREIGN, MANIFEST) from error
    paths = [entry.path for entry in manifest.files]
    for entry in manifest.files:
        if not _PATH.fullmatch(entry.path) or entry.path in {MANIFEST, SIGNATURE}:
            raise ArchiveError(Fault.PATH, entry.path[:100])
        if entry.size < 0 or not _DIGEST.fullmatch(entry.sha256):
            raise ArchiveError(Fault.FOREIGN, MANIFEST)
    if len(paths) != len(set(paths)):
        raise ArchiveError(Fault.TWICE, MANIFEST)
    if len(paths) > FILES or sum(entry.size for entry in manifest.files) > UNPACKED:
        raise ArchiveError(Fault.UNPACKS)
    return manifest


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1)


def _info(path: str) -> zipfile.ZipInfo:
    """The same for the same file, whenever and wherever it is written."""
    info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info
