"""Pictures of the demo's finished works, drawn by code: nobody's photo, no face, the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (1200, 900)
GROUND = 560
SKY, GRASS, PATH = (196, 222, 240), (122, 164, 96), (214, 202, 180)
TRUNK, LEAVES, STEEL, GLASS = (112, 84, 60), (66, 122, 72), (92, 100, 112), (160, 200, 214)
WHITE, DARK, RED, AMBER = (244, 244, 240), (52, 56, 64), (188, 64, 56), (226, 168, 60)
Draw = ImageDraw.ImageDraw


def draw_picture(kind: str) -> bytes:
    """A JPEG of a scene: trees, courtyard, pitch, stop, car, trench or walk; raises KeyError."""
    paint = SCENES[kind]
    picture = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, GROUND, SIZE[0], SIZE[1]), fill=GRASS)
    paint(draw)
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def _tree(draw: Draw, x: int, foot: int, height: int) -> None:
    width = height // 14
    draw.rectangle((x - width, foot - height // 2, x + width, foot), fill=TRUNK)
    radius = height // 3
    centre = foot - height * 2 // 3
    draw.ellipse((x - radius, centre - radius, x + radius, centre + radius), fill=LEAVES)


def _bench(draw: Draw, x: int, y: int) -> None:
    draw.rectangle((x, y - 70, x + 240, y - 48), fill=TRUNK)
    draw.rectangle((x, y - 34, x + 240, y - 12), fill=TRUNK)
    for leg in (x + 20, x + 204):
        draw.rectangle((leg, y - 70, leg + 16, y + 40), fill=STEEL)


def _trees(draw: Draw) -> None:
    draw.polygon(((420, 900), (780, 900), (640, GROUND), (590, GROUND)), fill=PATH)
    for x, foot, height in (
        *((170, 660, 250), (330, 610, 190), (480, 590, 150)),
        *((1040, 660, 250), (880, 610, 190), (740, 590, 150)),
    ):
        _tree(draw, x, foot, height)


def _courtyard(draw: Draw) -> None:
    draw.rectangle((0, 150, SIZE[0], GROUND), fill=(206, 178, 150))
    for column in range(7):
        for row in range(2):
            left, top = 60 + column * 160, 200 + row * 170
            draw.rectangle((left, top, left + 80, top + 110), fill=GLASS)
    draw.rectangle((0, 720, SIZE[0], SIZE[1]), fill=PATH)
    for x in range(80, SIZE[0], 130):
        draw.ellipse((x - 60, 600, x + 60, 720), fill=LEAVES)
    _bench(draw, 480, 830)


def _pitch(draw: Draw) -> None:
    draw.polygon(((80, 900), (1120, 900), (900, 580), (300, 580)), fill=(64, 128, 92))
    draw.line(((80, 900), (300, 580), (900, 580), (1120, 900)), fill=WHITE, width=8)
    draw.line(((190, 740), (1010, 740)), fill=WHITE, width=8)
    draw.ellipse((490, 690, 710, 790), outline=WHITE, width=8)
    draw.rectangle((500, 500, 700, 584), outline=WHITE, width=10)
    for x in (140, 1060):
        draw.rectangle((x - 8, 220, x + 8, 620), fill=STEEL)
        draw.rectangle((x - 50, 200, x + 50, 236), fill=AMBER)


def _stop(draw: Draw) -> None:
    draw.rectangle((0, 640, SIZE[0], 760), fill=(170, 172, 176))
    draw.rectangle((0, 760, SIZE[0], SIZE[1]), fill=(96, 98, 104))
    for y in (800, 860):
        draw.rectangle((0, y, SIZE[0], y + 10), fill=STEEL)
    for x in range(0, SIZE[0], 40):
        draw.rectangle((x, 730, x + 24, 754), fill=AMBER)
    draw.rectangle((320, 330, 880, 366), fill=DARK)
    draw.rectangle((350, 366, 850, 620), fill=GLASS)
    for x in (340, 846):
        draw.rectangle((x, 350, x + 18, 660), fill=DARK)
    _bench(draw, 480, 620)


def _car(draw: Draw) -> None:
    draw.rectangle((0, 700, SIZE[0], SIZE[1]), fill=(104, 106, 112))
    draw.rounded_rectangle((260, 430, 960, 720), 40, fill=WHITE)
    draw.polygon(((700, 430), (860, 430), (960, 560), (700, 560)), fill=GLASS)
    draw.rectangle((300, 600, 920, 630), fill=LEAVES)
    draw.ellipse((420, 470, 520, 570), outline=LEAVES, width=10)
    for x in (380, 800):
        draw.ellipse((x - 70, 660, x + 70, 800), fill=DARK)
        draw.ellipse((x - 30, 700, x + 30, 760), fill=STEEL)


def _trench(draw: Draw) -> None:
    draw.rectangle((0, 620, SIZE[0], SIZE[1]), fill=(150, 126, 98))
    draw.polygon(((200, 900), (1000, 900), (820, 660), (380, 660)), fill=(96, 76, 58))
    draw.rectangle((240, 770, 960, 820), fill=AMBER)
    for x in range(60, SIZE[0], 220):
        draw.rectangle((x, 500, x + 14, 640), fill=DARK)
        draw.rectangle((x - 60, 500, x + 160, 540), fill=WHITE)
        for stripe in range(x - 60, x + 150, 60):
            draw.rectangle((stripe, 500, stripe + 30, 540), fill=RED)


def _walk(draw: Draw) -> None:
    draw.rectangle((0, 760, SIZE[0], SIZE[1]), fill=PATH)
    for number, height in enumerate((300, 240, 340, 260, 320)):
        left, shade = number * 240, 150 + number * 16
        draw.rectangle((left, 760 - height, left + 230, 760), fill=(shade, shade - 20, 120))
        draw.polygon(
            ((left, 760 - height), (left + 115, 680 - height), (left + 230, 760 - height)), fill=RED
        )
        for window in (left + 40, left + 140):
            draw.rectangle((window, 800 - height, window + 50, 870 - height), fill=GLASS)
    draw.rectangle((580, 560, 592, 860), fill=DARK)
    draw.rectangle((500, 520, 672, 600), fill=WHITE)


SCENES: Mapping[str, Callable[[Draw], None]] = {
    "trees": _trees,
    "courtyard": _courtyard,
    "pitch": _pitch,
    "stop": _stop,
    "car": _car,
    "trench": _trench,
    "walk": _walk,
}
