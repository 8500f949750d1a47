"""Files that residents, their phones and their enemies send, made on the spot."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

GPS = 0x8825
ORIENTATION = 0x0112
MAKE = 0x010F

# 160 × 120, left half red, with GPS in its EXIF: what a phone sends.
PHONE_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAZdtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA"
    "AAAAAAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAABuwABAAAAAAAAAE4AAgAAAAACCQABAAAAAAAAAG4AAAA4aWlu"
    "ZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA"
    "1mlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoBQgeWW6kkprm4CGgwIAAAMAMgAAAwACEGIAAQAHRAHBcrBi"
    "QAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAACgAAAAeAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAA"
    "AAAAAAABAAEEgQIDBAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAAxG1kYXQAAABKKAGvC1G0gPrGwdf/+g47"
    "+OMQeK97SoyvP/yj8iyMwv9IRlV5Sh87rMUOPNXnnQ6WivkM2O1yl/i6XKAgtfAAAAMAA2/tF8CShWwAAAAGRXhp"
    "ZgAATU0AKgAAAAgAAgEPAAIAAAAHAAAAJoglAAQAAAABAAAALgAAAABDYW1lcmEAAAACAAEAAgAAAAJOAAAAAAIA"
    "BQAAAAMAAABMAAAAAAAAADIAAAABAAAAAwAAAAEAAAApAAAAAQ=="
)


def picture(kind: str = "PNG", *, size: tuple[int, int] = (300, 200), mode: str = "RGB") -> bytes:
    """A plain white page in one of Pillow's kinds."""
    out = BytesIO()
    Image.new(mode, size, 1 if mode == "1" else "white").save(out, kind)
    return out.getvalue()


def photograph(kind: str = "JPEG", *, orientation: int = 1, comment: bytes = b"") -> bytes:
    """A 300 × 200 photograph, left half red, with a place and a camera in its EXIF."""
    image = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 149, 199), fill="red")
    exif = Image.Exif()
    exif[MAKE] = "Telltale Camera"
    exif[ORIENTATION] = orientation
    place = exif.get_ifd(GPS)
    place[1], place[2] = "N", (50.0, 3.0, 41.0)
    place[3], place[4] = "E", (19.0, 56.0, 18.0)
    out = BytesIO()
    more = {"comment": comment} if comment else {}
    image.save(out, kind, exif=exif, **more)
    return out.getvalue()


def heic_claiming(width: int, height: int) -> bytes:
    """The phone's picture with another size in its `ispe` box (ISO/IEC 23008-12, 6.5.3)."""
    place = PHONE_HEIC.index(b"ispe") + 8
    return PHONE_HEIC[:place] + struct.pack(">II", width, height) + PHONE_HEIC[place + 8 :]


def jpeg_claiming(width: int, height: int) -> bytes:
    """A photograph with another size in its frame header."""
    data = photograph()
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", height, width) + data[place + 4 :]


def animation(frames: int) -> bytes:
    """A WebP film."""
    out = BytesIO()
    pages = [Image.new("RGB", (200, 200), (number, 0, 0)) for number in range(frames)]
    pages[0].save(out, "WEBP", save_all=True, append_images=pages[1:])
    return out.getvalue()


def png_chunk(name: bytes, body: bytes) -> bytes:
    """One chunk with a right checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_claiming(
    width: int, height: int, *, body: bytes = b"", text: bytes = b"", channels: int = 0
) -> bytes:
    """A PNG whose header claims a size; `body` are the inflated rows, `text` inflates on opening.

    Channels: 0 grey, 2 RGB, 6 RGBA (the PNG colour types).
    """
    header = struct.pack(">IIBBBBB", width, height, 8, channels, 0, 0, 0)
    chunks = [png_chunk(b"IHDR", header)]
    if text:
        chunks.append(png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(text, 9)))
    chunks += [png_chunk(b"IDAT", zlib.compress(body, 1)), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def pdf(objects: Sequence[bytes], *, trailer: bytes = b"") -> bytes:
    """A PDF of numbered objects (the first is the catalogue) with a right cross-reference table."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        trailer,
        len(out),
    )
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + end


def stream(data: bytes, more: bytes = b"") -> bytes:
    """A deflated stream object."""
    packed = zlib.compress(data, 9)
    head = b"<</Length %d/Filter/FlateDecode%s>>" % (len(packed), more)
    return head + b"stream\n" + packed + b"\nendstream"


def document(
    pages: int = 1,
    *,
    box: str = "0 0 595 842",
    content: bytes = b"0 0 0 rg 50 50 200 200 re f",
    resources: bytes = b"<<>>",
    extra: Sequence[bytes] = (),
    catalogue: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """A PDF of equal pages with a black square; `extra` objects are numbered from 4 on."""
    first = 4 + len(extra)
    kids = b" ".join(b"%d 0 R" % (first + number) for number in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 3 0 R/Resources %s>>"
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
            b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
            stream(content),
            *extra,
            *[page % (box.encode(), resources)] * pages,
        ],
        trailer=trailer,
    )


def locked_document() -> bytes:
    """A PDF that opens with a password only (standard handler, revision 2; ISO 32000-1, 7.6.3)."""
    lock = b"<</Filter/Standard/V 1/R 2/P -44/O<%s>/U<%s>>>" % (b"5a" * 32, b"a5" * 32)
    return document(extra=[lock], trailer=b"/Encrypt 4 0 R/ID[<00><00>]")


def document_with_image(width: int, height: int) -> bytes:
    """A PDF whose only page shows one grey picture of that many pixels, in a few bytes."""
    packed = stream(
        b"",
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
        % (width, height),
    )
    show = b"q 500 0 0 500 0 0 cm /Im Do Q"
    return document(content=show, resources=b"<</XObject<</Im 4 0 R>>>>", extra=[packed])


def document_of_laughs(depth: int = 9, width: int = 12) -> bytes:
    """A PDF whose drawing calls a drawing that calls a drawing: width ** depth squares."""
    forms = []
    for level in range(depth):
        inner = 5 + level
        last = level == depth - 1
        content = b"0 0 9 9 re f " * width if last else b"/F Do " * width
        resources = b"<<>>" if last else b"<</XObject<</F %d 0 R>>>>" % inner
        more = b"/Type/XObject/Subtype/Form/BBox[0 0 500 500]/Resources %s" % resources
        forms.append(stream(content, more))
    return document(content=b"/F Do", resources=b"<</XObject<</F 4 0 R>>>>", extra=forms)
