"""QR codes of short links as one picture, beside each other, each over its code."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont

_SCALE: Final = 6
_GAP: Final = 36
_TEXT: Final = 34


def qr_codes(links: Sequence[tuple[str, str]]) -> bytes:
    """PNG of the QR codes of addresses; `links`: address, and what stands under it (ASCII). The same links give the
    same bytes."""
    made = [(_modules(address), under) for address, under in links]
    side = max(image.width for image, _under in made)
    sheet = Image.new("L", (len(made) * (side + _GAP) - _GAP, side + _TEXT), 255)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=24)
    for n, (image, under) in enumerate(made):
        left = n * (side + _GAP)
        sheet.paste(image, (left, 0))
        draw.text((left + side // 2, side + 4), under, fill=0, font=font, anchor="ma")
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=False)
    return out.getvalue()


def _modules(address: str) -> Image.Image:
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(scale=_SCALE, border=2)]
    image = Image.new("L", (len(rows[0]), len(rows)), 255)
    image.putdata([0 if dark else 255 for row in rows for dark in row])
    return image
