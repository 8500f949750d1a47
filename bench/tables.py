"""Figures as a Markdown table, printed when a benchmark is done."""

from __future__ import annotations

from collections.abc import Sequence

Row = Sequence[object]


def print_table(header: Row, rows: Sequence[Row]) -> None:
    """A Markdown table on the standard output."""
    print()
    for row in (header, ["---"] * len(header), *rows):
        print(f"| {' | '.join(str(cell) for cell in row)} |")
    print(flush=True)
