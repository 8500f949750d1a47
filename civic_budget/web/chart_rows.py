"""Rows of a chart: words broken into lines that fit a phone, as a drawing can not break them, over a mark.

Widths are estimated, a little too wide on purpose; fonts differ from one device to the next. Knows no
language: only letters and how wide they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

ROW = 54
"""The height of a row whose words take one line."""

LINE = 20
"""How much higher a row grows with each further line."""

MOST = 18 * ROW
"""Rows beyond this height go on in a drawing of their own, so that paper breaks between them."""

FITS = 278.0
"""Pixels of a chart on a phone of 360 pixels, the narrowest that is still common."""

_SIZE = 14.72
_GAP = 10.0
_BOLD, _SPARE = 1.06, 1.03
_EMS = {
    letter: ems
    for ems, letters in (
        (0.28, "ilїjIіІЇ .,:;’'|!\u00a0\u202f"),
        (0.38, "frtł1()[]"),
        (0.48, "гтґ-sxzśźżзкхь7/"),
        (0.72, "DGCVĆмфыДЄЛСЦЭ&"),
        (0.8, "HNOQUŃÓжмЙИНОПшщю%—"),
        (0.9, "mwMЖМФ→"),
        (1.0, "WЩЮШ@"),
    )
    for letter in letters
}
_OTHER = 0.61


@dataclass(frozen=True)
class Row:
    """A row's words and its mark, which is drawn as if the words took one line."""

    label: str
    said: str
    mark: Markup
    is_protected: bool


def stacked(rows: Sequence[Row]) -> list[tuple[list[Markup], int]]:
    """The rows one under the other, each as high as its words need, in pieces with their heights.

    One piece when the rows are few; never none.
    """
    pieces: list[tuple[list[Markup], int]] = [([], 0)]
    for row in rows:
        lines = lines_of(row.label, row.said, is_bold=not row.is_protected)
        more = LINE * (lines.count - 1)
        drawn, y = pieces[-1]
        if y + ROW + more > MOST:
            drawn, y = [], 0
            pieces.append((drawn, y))
        drawn.append(_drawn(row, lines, y, more))
        pieces[-1] = (drawn, y + ROW + more)
    return pieces


def _drawn(row: Row, lines: Lines, y: int, more: int) -> Markup:
    mark = Markup('<g transform="translate(0 {y})">{mark}</g>').format(y=more, mark=row.mark)
    return Markup('<svg class="row" y="{y}" width="100%" height="{h}">{words}{mark}</svg>').format(
        y=y,
        h=ROW + more,
        words=_words(lines, is_protected=row.is_protected),
        mark=mark if more else row.mark,
    )


@dataclass(frozen=True)
class Lines:
    """The lines of a label and of what is said; `is_beside`: the first line said ends the last label's."""

    label: tuple[str, ...]
    said: tuple[str, ...]
    is_beside: bool

    @property
    def count(self) -> int:
        """How many lines the row's words take together."""
        return len(self.label) + len(self.said) - self.is_beside


def lines_of(label: str, said: str, *, is_bold: bool = True) -> Lines:
    """Break a row's words: side by side where both fit, else what is said goes below its label."""
    broken = _broken(label, is_bold=False)
    if width_of(broken[-1]) + _GAP + width_of(said, is_bold=is_bold) <= FITS:
        return Lines(broken, (said,), is_beside=True)
    return Lines(broken, _broken(said, is_bold=is_bold), is_beside=False)


def _words(lines: Lines, *, is_protected: bool) -> Markup:
    """The row's words as SVG, the first base line 17 pixels under the row's top."""
    soft = " soft" if is_protected else ""
    drawn = [
        Markup('<text x="0" y="{y}">{words}</text>').format(y=17 + LINE * place, words=words)
        for place, words in enumerate(lines.label)
    ]
    first = len(lines.label) - lines.is_beside
    at = Markup('x="100%" text-anchor="end"') if lines.is_beside else Markup('x="0"')
    drawn += [
        Markup('<text class="said{soft}" {at} y="{y}">{words}</text>').format(
            soft=soft, at=at, y=17 + LINE * (first + place), words=words
        )
        for place, words in enumerate(lines.said)
    ]
    return Markup("").join(drawn)


def width_of(words: str, *, is_bold: bool = False) -> float:
    """About how many pixels wide `words` are, rather a little too many."""
    ems = sum(_EMS.get(letter, _OTHER) for letter in words)
    return ems * _SIZE * _SPARE * (_BOLD if is_bold else 1.0)


def _broken(words: str, *, is_bold: bool) -> tuple[str, ...]:
    """Lines that fit, broken at spaces; a word that is wider than the chart stays whole."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", is_bold=is_bold) <= FITS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)
