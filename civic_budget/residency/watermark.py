"""Writes on a page of evidence who saw it and when, so that a leaked picture names its source.

Plain Python and Pillow; knows no officer and no clock, only the text it is given.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

LONGEST_TEXT = 100
LONGEST_SIDE = 4000
_ANGLE = 30
_FAINT = 72  # of 255: legible on white and on black, and the document under it stays legible
_QUALITY = 85


class NotAPage(Exception):
    """The bytes are not a page picture that intake made."""


def watermark(page: bytes, text: str) -> bytes:
    """The page as a new JPEG file with the text across it and on a strip below.

    The decoder accepts JPEG only, up to 4000 pixels a side: it works beside the identity. Raises
    NotAPage.
    """
    words = "".join(letter if letter.isprintable() else " " for letter in text)[:LONGEST_TEXT]
    image = _opened(page)
    size = max(12, min(image.size) // 40)
    tile = _tile(words, size)
    for top in range(-tile.height // 2, image.height, tile.height + 2 * size):
        for left in range(-tile.width // 2, image.width, tile.width + 2 * size):
            image.paste((200, 40, 40), (left, top), tile)
    out = BytesIO()
    _with_strip(image, words, size).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _opened(page: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(page), formats=["JPEG"]) as image:
            if max(image.size) > LONGEST_SIDE:
                raise NotAPage("size")
            return image.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        raise NotAPage("jpeg") from broken


def _tile(text: str, size: int) -> Image.Image:
    """The text aslant, as a mask."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    mask = Image.new("L", (int(right - left) + 2, int(bottom - top) + 2), 0)
    ImageDraw.Draw(mask).text((-left, -top), text, fill=_FAINT, font=font)
    return mask.rotate(_ANGLE, expand=True, resample=Image.Resampling.BILINEAR)


def _with_strip(image: Image.Image, text: str, size: int) -> Image.Image:
    """The page above a white strip that carries the text upright, shrunk to the page's width."""
    font = ImageFont.load_default(size)
    if font.getlength(text) > image.width - size:
        font = ImageFont.load_default(
            max(6, int(size * (image.width - size) / font.getlength(text)))
        )
    sheet = Image.new("RGB", (image.width, image.height + 2 * size), "white")
    sheet.paste(image, (0, 0))
    ImageDraw.Draw(sheet).text((size // 2, image.height + size // 2), text, fill="black", font=font)
    return sheet
