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
