"""Real files, made where they are needed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image


def jpeg(size: tuple[int, int] = (64, 48), **more) -> bytes:
    return _drawn("JPEG", Image.new("RGB", size, (40, 90, 160)), **more)


def png(size: tuple[int, int] = (64, 48), mode: str = "RGB", colour=(40, 90, 160), **more) -> bytes:
    return _drawn("PNG", Image.new(mode, size, colour), **more)


def webp(size: tuple[int, int] = (64, 48), **more) -> bytes:
    return _drawn("WEBP", Image.new("RGB", size, (40, 90, 160)), **more)


def _drawn(form: str, image: Image.Image, **more) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **more)
    return file.getvalue()


def pdf(objects: bytes = b"", catalog: bytes = b"") -> bytes:
    """A PDF of one empty page, with more objects and more in its catalog."""
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n"
        + objects
        + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )


def packed_objects(inner: bytes, name: bytes = b"/ObjStm") -> bytes:
    """A compressed object stream of a PDF."""
    body = zlib.compress(inner)
    head = b"9 0 obj\n<< /Type " + name + b" /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(body)
    return head + body + b"\nendstream\nendobj\n"


def archive(parts: Mapping[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in parts.items():
            packed.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return file.getvalue()


_OOXML = {
    "docx": ("word/document.xml", b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
    "pptx": (
        "ppt/presentation.xml",
        b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    ),
}


def _office(form: str, more: Mapping[str, bytes] | None, main: bytes) -> bytes:
    part, usual = _OOXML[form]
    types = b'<Types><Override PartName="/' + part.encode() + b'" ContentType="' + (main or usual) + b'"/></Types>'
    return archive({"[Content_Types].xml": types, part: b"<x>" + b"text " * 50 + b"</x>", **(more or {})})


def docx(more: Mapping[str, bytes] | None = None, main: bytes = b"") -> bytes:
    return _office("docx", more, main)


def xlsx(more: Mapping[str, bytes] | None = None, main: bytes = b"") -> bytes:
    return _office("xlsx", more, main)


def pptx(more: Mapping[str, bytes] | None = None, main: bytes = b"") -> bytes:
    return _office("pptx", more, main)


def odt(more: Mapping[str, bytes] | None = None) -> bytes:
    parts = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>", **(more or {})}
    return archive(parts, stored=("mimetype",))


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def mp4(place: bytes = b"", track: bytes = b"vide") -> bytes:
    """The boxes of a video, without the moving pictures."""
    handler = box(b"hdlr", bytes(8) + track + bytes(12))
    told = box(b"udta", box(b"\xa9xyz", place)) if place else b""
    movie = box(b"mvhd", bytes(100)) + box(b"trak", box(b"mdia", handler) + told) + told
    return box(b"ftyp", b"isom\x00\x00\x02\x00isommp41") + box(b"moov", movie) + box(b"mdat", bytes(400))
