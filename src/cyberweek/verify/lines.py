"""The file as lines: opened, unpacked, and each held against its checksum. What is damaged is named and read on."""

import io
import lzma
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from cyberweek.knowledge.core.exports import CHECKSUM, LINE_LIMIT, checksum
from cyberweek.verify.report import Fault, NotAnExportError, Report

_UNPACKING: Final = (EOFError, OSError, zlib.error, lzma.LZMAError)
_GZIP: Final = 16 + zlib.MAX_WBITS
_PACKED_PIECE: Final = 4096
"""Read at once of a packed file: one that was made to burst becomes some 30 MB, not more."""


class _Unpacked(io.RawIOBase):
    """What a packed file holds. Unlike the library's own readers it wants the whole of it, and nothing after."""

    def __init__(self, file: BinaryIO, *, xz: bool) -> None:
        self._file = file
        self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ) if xz else zlib.decompressobj(_GZIP)
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # what a reader gives
        while not self._ready:
            if self._unpacker.eof:
                if self._unpacker.unused_data or self._file.read(1):
                    raise OSError("more stands after what was packed")
                return 0
            piece = self._file.read(_PACKED_PIECE)
            if not piece:
                raise EOFError("it is cut off")
            self._ready = memoryview(self._unpacker.decompress(piece))
        given = min(len(buffer), len(self._ready))
        buffer[:given] = self._ready[:given]
        self._ready = self._ready[given:]
        return given


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's plain bytes, whether it is packed with gzip, xz, or not at all."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise NotAnExportError(f"{path} is not a file.")
        with path.open("rb") as file:
            begins = file.peek(6)[:6]
            xz = begins == b"\xfd7zXZ\0"
            yield io.BufferedReader(_Unpacked(file, xz=xz)) if xz or begins.startswith(b"\x1f\x8b") else file
    except FileNotFoundError:
        raise NotAnExportError(f"There is no file {path}.") from None
    except PermissionError:
        raise NotAnExportError(f"{path} may not be read.") from None


class Lines:
    """The lines of an export; iterating gives (number, content), with `digest` that of all lines before."""

    def __init__(self, file: BinaryIO, report: Report) -> None:
        self._file = file
        self._report = report
        self.digest = sha256()
        self.number = 0

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        before = 0
        for line in self._raw():
            self.number += 1
            content = line[CHECKSUM + 1 : -1]
            expected = checksum(content, before)
            before = expected if line == b"%08x\t%b\n" % (expected, content) else self._name_damage(line, expected)
            yield self.number, content
            self.digest.update(line)

    def _raw(self) -> Iterator[bytes]:
        while True:
            try:
                line = self._file.readline(LINE_LIMIT + 1)
            except _UNPACKING as error:
                if not self.number:
                    raise NotAnExportError(f"The packed file is damaged in its beginning: {error}") from None
                self._report.add(Fault(f"the packed file is damaged after this line: {error}", line=self.number))
                return
            if not line:
                return
            if len(line) > LINE_LIMIT:
                if not self.number:
                    raise NotAnExportError(f"This is no export: its first line is longer than {LINE_LIMIT} bytes.")
                said = f"it is longer than {LINE_LIMIT} bytes; nothing after it was read"
                self._report.add(Fault(said, line=self.number + 1))
                return
            yield line

    def _name_damage(self, line: bytes, expected: int) -> int:
        """The checksum from which to go on: the one that stands here, if one does."""
        stated, tab, _ = line.partition(b"\t")
        kind = line[CHECKSUM + 1 : -1].partition(b"\t")[0].decode("ascii", "replace")[:20]
        if not line.endswith(b"\n"):
            said = "the file is cut off in it"
        elif not tab or len(stated) != CHECKSUM:
            said = "it does not begin with a checksum"
        else:
            said = f"it ({kind}) is damaged, or the line before it is missing or doubled: its checksum differs"
        self._report.add(Fault(said, line=self.number))
        try:
            return int(stated, 16) & 0xFFFFFFFF if len(stated) == CHECKSUM else expected
        except ValueError:
            return expected
