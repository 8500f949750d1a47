"""From a stranger's file to plain pixels, or a reason why not. Runs in the fenced worker only.

Knows file formats and nothing else: no database, no key, no Flask. What it returns has no
container, no metadata and no text left, only width, height and RGB bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

POINTS_PER_INCH = 72
_PDF_ERROR_PASSWORD = 4  # FPDF_ERR_PASSWORD
_PDF_OBJECT_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_OTHER_KINDS = (
    (b"PK\x03\x04", "zip"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"{\\rtf", "rtf"),
    (b"<", "markup"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)


class Reason(StrEnum):
    """Why a file can't be taken in."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    WRONG_KIND = "wrong_kind"
    EXTENSION_DIFFERS = "extension_differs"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    UNREADABLE = "unreadable"


class Kind(StrEnum):
    """The kinds of file that prove residence online."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    HEIF = "heif"
    WEBP = "webp"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; bytes, pixels, pages, seconds."""

    file_bytes: int = 10 * 1024 * 1024
    pages: int = 20
    pixels: int = 40_000_000
    short_side: int = 100
    long_side: int = 2000
    dots_per_inch: int = 200
    cpu_seconds: int = 20
    wall_seconds: float = 30.0
    memory_bytes: int = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bitmap:
    """One page as rows of RGB bytes, top row first."""

    width: int
    height: int
    rgb: bytes


class Unfit(Exception):
    """The file can't be taken in; `details` fill the gaps of the reason's sentence."""

    def __init__(self, reason: Reason, **details: int | str) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.details = details


def recognise(data: bytes) -> Kind:
    """The kind told by the first bytes alone; raises Unfit(WRONG_KIND) with what was found."""
    if data.startswith(b"%PDF-"):
        return Kind.PDF
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:8] == b"ftyp" and _HEIF_BRANDS & _brands(data):
        return Kind.HEIF
    found = next((name for start, name in _OTHER_KINDS if data.lstrip().startswith(start)), "")
    raise Unfit(Reason.WRONG_KIND, found=found)


def _brands(data: bytes) -> set[bytes]:
    """Major and compatible brands of an ISO base media file (ISO/IEC 14496-12, 4.3)."""
    end = min(int.from_bytes(data[:4], "big"), 256, len(data))
    return {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}


def decode(data: bytes, kind: Kind, limits: Limits) -> Iterator[Bitmap]:
    """Every page as a picture no longer than `limits.long_side`; raises Unfit.

    Of an image with several frames (animation, burst) the first one is the page. Pages come one at
    a time, so that a long document never lies in memory whole.
    """
    if kind is Kind.PDF:
        yield from _pages_of_pdf(data, limits)
    else:
        yield _page_of_image(data, kind, limits)


def _page_of_image(data: bytes, kind: Kind, limits: Limits) -> Bitmap:
    if kind is Kind.HEIF:
        import pi_heif

        pi_heif.options.DECODE_THREADS = 1
        pi_heif.register_heif_opener(thumbnails=False)
    # The size is judged below, before decoding, by our own limit.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(data), formats=[kind.value.upper()]) as image:
            _check_size(*image.size, limits)
            image.draft("RGB", (limits.long_side, limits.long_side))
            image.load()
            return _bitmap(_upright(image), limits)
    except (OSError, SyntaxError, ValueError, RuntimeError, EOFError, IndexError) as broken:
        raise Unfit(Reason.DAMAGED) from broken


def _check_size(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.pixels:
        raise Unfit(Reason.TOO_MANY_PIXELS, width=width, height=height, limit=limits.pixels)
    if min(width, height) < limits.short_side:
        raise Unfit(Reason.TOO_SMALL, width=width, height=height, limit=limits.short_side)


def _upright(image: Image.Image) -> Image.Image:
    """The image as its camera held it; an orientation tag that can't be read turns nothing."""
    try:
        return ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ArithmeticError):
        return image


def _bitmap(image: Image.Image, limits: Limits) -> Bitmap:
    """Shrunk, on white paper, in RGB."""
    if image.mode.startswith("I;16"):  # converting to 8 bits would clip, not scale
        image = image.convert("I")
    if image.mode == "I":
        image = image.point(lambda level: level / 256).convert("L")
        image.info.pop("transparency", None)  # a level of the old scale
    if image.mode in {"LA", "PA", "RGBA", "RGBa", "La"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    image = image.convert("RGB")
    image.thumbnail((limits.long_side, limits.long_side), Image.Resampling.LANCZOS)
    return Bitmap(image.width, image.height, image.tobytes())


def _pages_of_pdf(data: bytes, limits: Limits) -> Iterator[Bitmap]:
    import pypdfium2

    # The decoder repairs a cut file by dropping what is missing; a resident should rather know.
    if b"%%EOF" not in data[-4096:] and b"startxref" not in data[-4096:]:
        raise Unfit(Reason.DAMAGED)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as refused:
        locked = getattr(refused, "err_code", None) == _PDF_ERROR_PASSWORD
        raise Unfit(Reason.ENCRYPTED if locked else Reason.DAMAGED) from refused
    count = len(document)
    if count == 0:
        raise Unfit(Reason.DAMAGED)
    if count > limits.pages:
        raise Unfit(Reason.TOO_MANY_PAGES, pages=count, limit=limits.pages)
    try:
        document.init_forms()  # what people typed into a form is part of the page
        for number in range(count):
            yield _page_of_pdf(document[number], limits)
    except pypdfium2.PdfiumError as broken:
        raise Unfit(Reason.DAMAGED) from broken


def _page_of_pdf(page: Any, limits: Limits) -> Bitmap:
    for picture in page.get_objects(filter=[_PDF_OBJECT_IMAGE]):
        width, height = picture.get_px_size()
        if width * height > limits.pixels:
            raise Unfit(Reason.TOO_MANY_PIXELS, width=width, height=height, limit=limits.pixels)
    long_side = max(page.get_size())
    if not 0 < long_side < float("inf"):
        raise Unfit(Reason.DAMAGED)
    scale = min(limits.dots_per_inch / POINTS_PER_INCH, limits.long_side / long_side)
    width, height = (max(1, int(side * scale)) for side in page.get_size())
    if min(width, height) < limits.short_side:
        raise Unfit(Reason.TOO_SMALL, width=width, height=height, limit=limits.short_side)
    image = page.render(scale=scale, fill_color=(255, 255, 255, 255)).to_pil()
    page.close()
    return _bitmap(image, limits)
