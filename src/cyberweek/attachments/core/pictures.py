"""Pictures: decoded whole, and drawn anew. What is kept has the pixels of the picture and nothing else of the file:
no place, no device, no hidden second file. Photographs stand upright, as their camera meant them."""

from __future__ import annotations

import io
import threading
import warnings
import zipfile
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from .faults import Fault, UnfitError

PIXELS: Final = {"JPEG": 65_000_000, "PNG": 40_000_000, "WEBP": 40_000_000}  # telephones' cameras; screens of 8K
LONGEST_SIDE: Final = 2560  # of what is kept: a page of A4 at 220 dpi
THUMBNAIL_SIDE: Final = 320
THUMBNAIL_BYTES: Final = 20_000
_PNG_BYTES: Final = 4 * 1024 * 1024  # a larger one is a photograph
_SCANS: Final = 64  # of a progressive JPEG: real ones have ten
_PROFILE: Final = 16 * 1024
_QUALITY: Final = 85

# A picture of so many pixels takes up to 250 MB while it is decoded: one at a time in a process.
_one_at_a_time: Final = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew."""

    body: bytes
    ending: str
    media_type: str
    width: int
    height: int
    thumbnail: bytes


def form_of(content: bytes) -> str | None:
    """JPEG, PNG or WEBP by the first bytes, else None."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def redrawn(content: bytes, form: str) -> Picture:
    """The picture's pixels in a file of ours, with a thumbnail. Raises `UnfitError`."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise UnfitError(Fault.TWO_IN_ONE)
    if form == "JPEG" and content.count(b"\xff\xda") > _SCANS:
        raise UnfitError(Fault.DAMAGED)
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own warnings about size and broken metadata: our limits are stricter
        try:
            return _redrawn(content, form)
        except Image.DecompressionBombError as error:  # Pillow's own limit, which is above ours
            raise UnfitError(Fault.PIXELS, limit=PIXELS[form] // 1_000_000) from error
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise UnfitError(Fault.DAMAGED) from error


def _redrawn(content: bytes, form: str) -> Picture:
    with Image.open(io.BytesIO(content), formats=[form]) as source:
        width, height = source.size
        if width * height > PIXELS[form]:
            raise UnfitError(Fault.PIXELS, limit=PIXELS[form] // 1_000_000)
        profile = source.info.get("icc_profile") if source.mode in {"RGB", "RGBA"} else None
        source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded at a half or a quarter
        source.load()
        image = _plain(source)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    ImageOps.exif_transpose(image, in_place=True)
    clear = image.mode == "RGBA" and image.getchannel("A").histogram()[255] < image.width * image.height
    image = image if clear else image.convert("RGB")
    kept_profile = profile if isinstance(profile, bytes) and len(profile) <= _PROFILE else None
    body = _png(image, kept_profile) if form == "PNG" or clear else b""
    ending = "png" if body else "jpg"
    if not body:
        body = _jpeg(_on_white(image) if clear else image, kept_profile)
    media_type = "image/png" if ending == "png" else "image/jpeg"
    return Picture(body, ending, media_type, *image.size, thumbnail_of(image))


def _plain(image: Image.Image) -> Image.Image:
    """In RGB, or in RGBA where it may have clear parts; what is so already is not copied."""
    wanted = "RGBA" if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def thumbnail_of(image: Image.Image) -> bytes:
    """A WebP of at most 320 pixels a side and 20 kB."""
    small = image.copy()
    small.info.clear()
    side = THUMBNAIL_SIDE
    while True:
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in (70, 45, 20):
            drawn = io.BytesIO()
            small.save(drawn, "WEBP", quality=quality, exif=b"", xmp=b"", icc_profile=None)
            if drawn.tell() <= THUMBNAIL_BYTES:
                return drawn.getvalue()
        side //= 2


def _png(image: Image.Image, profile: bytes | None) -> bytes:
    """The picture as PNG; empty where that is too large, as it is of photographs."""
    drawn = io.BytesIO()
    image.info.clear()
    image.save(drawn, "PNG", icc_profile=profile)
    return drawn.getvalue() if drawn.tell() <= _PNG_BYTES else b""


def _jpeg(image: Image.Image, profile: bytes | None) -> bytes:
    drawn = io.BytesIO()
    image.info.clear()
    image.save(drawn, "JPEG", quality=_QUALITY, progressive=True, icc_profile=profile)
    return drawn.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper
