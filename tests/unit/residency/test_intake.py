"""What becomes of an uploaded file: plain page pictures, or the right reason why not."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from civic_budget.residency import intake
from civic_budget.residency.intake import Kind, Limits, Reason, Refused, take_in
from tests.unit.residency import hostile_files as made

ROOT = Path(intake.__file__).parents[2]


def refusal(data: bytes, filename: str = "proof.pdf", limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as refused:
        take_in(data, filename=filename, limits=limits or Limits())
    return refused.value


def page(data: bytes, filename: str, number: int = 0) -> Image.Image:
    return Image.open(BytesIO(take_in(data, filename=filename).pages[number])).convert("RGB")


def is_red(colour: object) -> bool:
    assert isinstance(colour, tuple)
    red, green, blue = colour
    return red > 200 and green < 60 and blue < 60


@pytest.mark.parametrize(
    ("data", "filename", "kind"),
    [
        (made.document(), "lease.pdf", Kind.PDF),
        (made.picture("PDF"), "scan.PDF", Kind.PDF),
        (made.photograph(), "IMG_1.JPG", Kind.JPEG),
        (made.picture("PNG"), "screen.png", Kind.PNG),
        (made.photograph("WEBP"), "photo.webp", Kind.WEBP),
        (made.PHONE_HEIC, "IMG_2.HEIC", Kind.HEIF),
        (made.picture("PNG"), "image", Kind.PNG),
    ],
)
def test_each_allowed_kind_becomes_plain_jpeg_pages(data: bytes, filename: str, kind: Kind) -> None:
    taken = take_in(data, filename=filename)
    assert (taken.kind, taken.page_count, taken.warnings) == (kind, 1, ())
    with Image.open(BytesIO(taken.pages[0])) as image:
        assert image.format == "JPEG"
        assert not image.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_white_page_stays_white_in_every_colour_mode(mode: str) -> None:
    data = made.picture(mode=mode) if mode != "I;16" else sixteen_bits_of_grey()
    colour = page(data, "scan.png").getpixel((5, 5))
    assert isinstance(colour, tuple)
    assert min(colour) > 250


def sixteen_bits_of_grey() -> bytes:
    out = BytesIO()
    Image.new("I;16", (200, 200), 65535).save(out, "PNG")
    return out.getvalue()


def test_transparent_pixels_lie_on_white_paper() -> None:
    out = BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(out, "PNG")
    assert page(out.getvalue(), "scan.png").getpixel((9, 9)) == (255, 255, 255)


def test_every_page_of_a_document_comes_in_order_and_in_legible_size() -> None:
    taken = take_in(made.document(20), filename="lease.pdf")
    assert taken.page_count == len(taken.pages) == 20
    with Image.open(BytesIO(taken.pages[19])) as image:
        assert 1400 < image.width < image.height <= 2000
        scale = image.width / 595
        assert image.convert("L").getpixel((int(100 * scale), int((842 - 100) * scale))) == 0
        assert image.convert("L").getpixel((int(400 * scale), int((842 - 400) * scale))) == 255


def test_a_large_photograph_is_shrunk_to_the_long_side() -> None:
    assert page(made.picture(size=(5000, 2500)), "photo.png").size == (2000, 1000)


def test_place_and_camera_are_gone_and_the_picture_stands_upright() -> None:
    data = made.photograph(orientation=6)  # the camera was turned: rotate by 90° clockwise
    assert b"Telltale" in data
    taken = take_in(data, filename="photo.jpg")
    assert b"Telltale" not in taken.pages[0]
    assert b"Exif" not in taken.pages[0]
    with Image.open(BytesIO(taken.pages[0])) as image:
        assert image.size == (200, 300)
        assert is_red(image.getpixel((100, 20)))
        assert not is_red(image.getpixel((100, 280)))


def test_a_phones_heic_loses_its_place() -> None:
    assert b"Exif" in made.PHONE_HEIC
    taken = take_in(made.PHONE_HEIC, filename="IMG.heic")
    assert b"Exif" not in taken.pages[0]
    with Image.open(BytesIO(taken.pages[0])) as image:
        assert image.size == (160, 120)
        assert is_red(image.getpixel((20, 60)))


def test_only_the_first_frame_of_a_film_is_a_page() -> None:
    assert take_in(made.animation(50), filename="film.webp").page_count == 1


def test_what_was_typed_into_a_form_is_part_of_the_page() -> None:
    field = b"<</Subtype/Widget/FT/Tx/T(name)/V(x)/F 4/Rect[300 300 500 500]/AP<</N 5 0 R>>>>"
    look = made.stream(
        b"0 0 200 200 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]/Resources<<>>"
    )
    data = made.document(
        extra=[field, look],
        catalogue=b"/AcroForm<</Fields[4 0 R]/DR<<>>/DA(/F 12 Tf)>>",
    ).replace(b"/Contents 3 0 R", b"/Annots[4 0 R]/Contents 3 0 R")
    image = page(data, "form.pdf")
    scale = image.width / 595
    assert image.convert("L").getpixel((int(400 * scale), int((842 - 400) * scale))) == 0


POLYGLOTS = [
    (made.photograph(comment=b"<script>alert('PAYLOAD')</script>"), "photo.jpg"),
    (made.photograph() + b"PK\x03\x04PAYLOAD", "photo.jpg"),
    (made.photograph(comment=b"%PDF-1.7 PAYLOAD"), "photo.jpg"),
    (made.picture("PNG") + b"<?php PAYLOAD ?>", "photo.png"),
    (made.png_claiming(200, 200, text=b"PAYLOAD" * 9, body=bytes(201 * 200)), "photo.png"),
    (made.photograph("WEBP") + b"PAYLOAD", "photo.webp"),
    (made.document() + b"PK\x03\x04PAYLOAD", "lease.pdf"),
    (
        made.document(catalogue=b"/OpenAction<</S/JavaScript/JS(app.alert('PAYLOAD'))>>"),
        "lease.pdf",
    ),
]


@pytest.mark.parametrize(("data", "filename"), POLYGLOTS)
def test_nothing_that_hides_in_a_readable_file_survives(data: bytes, filename: str) -> None:
    pages = b"".join(take_in(data, filename=filename).pages)
    for trace in (b"PAYLOAD", b"PK\x03\x04", b"%PDF", b"<script", b"<?php", b"JavaScript"):
        assert trace not in pages


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"GIF89a%PDF-1.7" + made.document(), "gif"),
        (b"PK\x03\x04" + b"word/document.xml" * 9, "zip"),
        (b"PK\x03\x04" + made.document(), "zip"),
        (b"Rar!\x1a\x07" + made.document(), "archive"),
        (b"\x1f\x8b" + bytes(90), "archive"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "markup"),
        (b"  <!doctype html><script>1</script>", "markup"),
        (b"MZ\x90\x00", "program"),
        (b"BM" + bytes(90), "bmp"),
        (b"II*\x00" + bytes(90), "tiff"),
        (bytes(range(7, 256)), ""),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf", ""),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", ""),
        (b"%", ""),
    ],
)
def test_other_kinds_are_told_by_their_bytes_whatever_their_name(data: bytes, found: str) -> None:
    for filename in ("proof.pdf", "proof.jpg"):
        refused = refusal(data, filename)
        assert refused.reason is Reason.WRONG_KIND
        assert refused.details == {"found": found}


def test_an_allowed_kind_under_another_allowed_name_is_taken_with_a_warning() -> None:
    taken = take_in(made.PHONE_HEIC, filename="IMG_3.jpg")
    assert (taken.kind, taken.warnings) == (Kind.HEIF, (Reason.EXTENSION_DIFFERS,))


@pytest.mark.parametrize("filename", ["photo.exe", "photo.html", "photo.jpg.svg", "a\\b.docx"])
def test_an_image_under_a_foreign_name_is_refused(filename: str) -> None:
    refused = refusal(made.picture("PNG"), filename)
    assert refused.reason is Reason.EXTENSION_DIFFERS
    assert refused.details["kind"] == "png"


HALF_JPEG = made.photograph()[: len(made.photograph()) // 2]
HALF_PNG = made.picture("PNG")[:200]
HALF_WEBP = made.photograph("WEBP")[: len(made.photograph("WEBP")) // 2]
HALF_PDF = made.document()[: len(made.document()) // 2]


@pytest.mark.parametrize(
    ("data", "filename", "reason"),
    [
        (b"", "a.pdf", Reason.EMPTY),
        (HALF_PDF, "a.pdf", Reason.DAMAGED),
        (HALF_JPEG, "a.jpg", Reason.DAMAGED),
        (HALF_PNG, "a.png", Reason.DAMAGED),
        (HALF_WEBP, "a.webp", Reason.DAMAGED),
        (made.PHONE_HEIC[:500], "a.heic", Reason.DAMAGED),
        (b"%PDF-1.7" + bytes(range(256)) * 9 + b"startxref 5 %%EOF", "a.pdf", Reason.DAMAGED),
        (b"\xff\xd8\xff" + bytes(range(256)), "a.jpg", Reason.DAMAGED),
        (made.png_claiming(200, 200), "a.png", Reason.DAMAGED),
        (made.document(0), "a.pdf", Reason.DAMAGED),
        (made.png_claiming(200, 200, text=bytes(80_000_000)), "a.png", Reason.DAMAGED),
        (made.locked_document(), "a.pdf", Reason.ENCRYPTED),
        (made.picture(size=(1, 1)), "a.png", Reason.TOO_SMALL),
        (made.picture("JPEG", size=(1, 1)), "a.jpg", Reason.TOO_SMALL),
        (made.document(box="0 0 1 1"), "a.pdf", Reason.TOO_SMALL),
        (made.document(box="0 0 10000 10"), "a.pdf", Reason.TOO_SMALL),
        (made.picture(size=(20_000, 10_000), mode="1"), "a.png", Reason.TOO_MANY_PIXELS),
        (made.png_claiming(2**31 - 1, 2**31 - 1), "a.png", Reason.TOO_MANY_PIXELS),
        (made.heic_claiming(20_000, 10_000), "a.heic", Reason.TOO_MANY_PIXELS),
        (made.jpeg_claiming(20_000, 10_000), "a.jpg", Reason.TOO_MANY_PIXELS),
        (made.document_with_image(20_000, 10_000), "a.pdf", Reason.TOO_MANY_PIXELS),
        (made.document(21), "a.pdf", Reason.TOO_MANY_PAGES),
    ],
)
def test_a_bad_file_is_answered_by_its_reason(data: bytes, filename: str, reason: Reason) -> None:
    assert refusal(data, filename).reason is reason


def test_the_details_tell_the_limit_that_was_passed() -> None:
    assert refusal(made.document(21)).details == {"pages": 21, "limit": 20}
    assert refusal(bytes(10 * 1024 * 1024 + 1)).details == {"size": 10485761, "limit": 10485760}


def test_a_file_over_ten_megabytes_is_too_large_before_anybody_opens_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "_COMMAND", ("/nowhere",))
    assert refusal(made.document() + bytes(10 * 1024 * 1024)).reason is Reason.TOO_LARGE


def test_rows_beyond_the_claimed_size_are_never_inflated() -> None:
    bomb = made.png_claiming(200, 200, body=bytes(100_000_000))
    tight = Limits(memory_bytes=200_000_000)
    assert take_in(bomb, filename="a.png", limits=tight).page_count == 1


def test_a_drawing_of_drawings_runs_out_of_time() -> None:
    limits = Limits(cpu_seconds=1)
    assert refusal(made.document_of_laughs(), limits=limits).reason is Reason.TIMED_OUT


def test_the_wall_clock_ends_what_the_processor_clock_does_not() -> None:
    limits = Limits(wall_seconds=0.01)
    assert refusal(made.document(), limits=limits).reason is Reason.TIMED_OUT


def test_an_image_that_needs_more_memory_than_it_may_take_says_so() -> None:
    data = made.picture(size=(7000, 5000), mode="L")
    limits = Limits(memory_bytes=80_000_000)
    assert refusal(data, "a.png", limits).reason is Reason.OUT_OF_MEMORY


def test_a_document_that_inflates_without_end_ends_its_worker_only() -> None:
    bomb = made.document(content=b" " * 200_000_000)
    limits = Limits(memory_bytes=300_000_000)
    assert refusal(bomb, limits=limits).reason is Reason.UNREADABLE


LIE_ABOUT_A_PAGE = """
import json, sys
sys.stdin.buffer.read()
def frame(body=b"", **header):
    head = json.dumps({**header, "body": len(body)}).encode()
    sys.stdout.buffer.write(len(head).to_bytes(4, "big") + head + body)
frame(what="fences", fences=[])
"""


@pytest.mark.parametrize(
    "lie",
    [
        "frame(b'', what='page', width=200000, height=200000)",
        "frame(b'GIF89a', what='page', width=200, height=200)",
        "frame(b'', what='page', width='200', height=None)",
        "frame(what='done', kind='pdf')",
        "[frame(bytes(3), what='page', width=1, height=1) for n in range(21)]",
        "frame(bytes(3), what='page', width=1, height=1); frame(what='done', kind='exe')",
        "frame(what='unfit', reason='because', details={})",
        "frame(what='unfit', reason='damaged', details=[])",
        "frame(what='surprise')",
        "sys.stdout.buffer.write(b'\\xff' * 999)",
        "sys.stdout.buffer.write(b'\\x00\\x00\\x00\\x02[]')",
        "sys.stdout.buffer.write(b'\\x00\\x00\\x00\\x02{{')",
        "sys.exit(3)",
    ],
)
def test_a_worker_that_was_broken_into_is_not_believed(
    lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = (sys.executable, "-I", "-c", LIE_ABOUT_A_PAGE + lie)
    monkeypatch.setattr(intake, "_COMMAND", command)
    assert refusal(made.document()).reason is Reason.UNREADABLE


def run_fenced(deed: str) -> str:
    """What a deed ends with inside the fences: `done` or the error's name."""
    program = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import os, socket, subprocess, ctypes, json
from civic_budget.residency.intake_sandbox import raise_fences
fences = raise_fences(cpu_seconds=5, address_space=2**30)
libc = ctypes.CDLL(None, use_errno=True)
try:
    {deed}
    print("done")
except Exception as error:
    print(type(error).__name__)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.split()[-1]


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        ("sum(range(9))", "done"),
        ("open('/etc/hostname').read()", "done"),
        ("socket.socket()", "PermissionError"),
        ("subprocess.run(['true'])", "PermissionError"),
        ("os.execv('/bin/true', ['true'])", "PermissionError"),
        ("os.fork()", "PermissionError"),
        ("os.kill(os.getppid(), 0)", "PermissionError"),
        ("bytearray(2**31)", "MemoryError"),
    ],
)
def test_the_fences_stop_a_decoder_that_was_taken_over(deed: str, outcome: str) -> None:
    assert run_fenced(deed) == outcome


def test_a_decoder_that_was_taken_over_writes_no_byte_to_disk(tmp_path: Path) -> None:
    leak = tmp_path / "leak"
    assert run_fenced(f"open({str(leak)!r}, 'w').write('x' * 99999)") != "done"
    assert not leak.exists() or leak.stat().st_size == 0


def test_the_kernel_refuses_sockets_to_machine_code_too() -> None:
    """Where the kernel filters calls, a decoder's own machine code meets the same fence."""
    filtered = "seccomp" in take_in(made.picture(), filename="a.png").fences
    deed = "assert libc.socket(2, 1, 0) == -1 and ctypes.get_errno() == 1"
    assert run_fenced(deed) == ("done" if filtered else "AssertionError")


def test_the_worker_knows_no_framework_no_database_and_no_environment() -> None:
    program = (
        f"import sys, os; sys.path.insert(0, {str(ROOT)!r}); "
        "import civic_budget.residency.intake_worker; print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-I", "-B", "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "civic_budget.residency.intake_worker" in loaded
    for stranger in ("flask", "sqlalchemy", "pyrage", "cryptography", "civic_budget.storage"):
        assert stranger not in loaded


def test_the_worker_gets_an_empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    tell = LIE_ABOUT_A_PAGE + (
        "import os\n"
        "bare = not set(os.environ) - {'LC_CTYPE'}\n"
        "reason = 'empty' if bare else 'too_large'\n"
        "frame(what='unfit', reason=reason, details={})"
    )
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setattr(intake, "_COMMAND", (sys.executable, "-I", "-c", tell))
    assert refusal(made.document()).reason is Reason.EMPTY
