"""From a `PbFile` to bytes: an unchanged file comes back byte for byte.

It must not change what it is given: counts in the head are written as they stand there.
"""

from collections.abc import Iterator
from pathlib import Path

from civic_budget.pabulib.lines import BOM, plain
from civic_budget.pabulib.model import PbFile


def render(file: PbFile) -> bytes:
    """The bytes of the file, with its own line ends, byte order mark and quoting."""
    layout = file.layout
    body = "".join(
        layout.verbatim.get(cells) or plain(cells) + layout.newline for cells in _records(file)
    )
    if not layout.final_newline:
        body = body.removesuffix(layout.newline)
    return (BOM if layout.bom else b"") + (body + layout.tail).encode("utf-8")


def write(file: PbFile, path: Path | str) -> None:
    """Write the file to disk, replacing what was there."""
    Path(path).write_bytes(render(file))


def _records(file: PbFile) -> Iterator[tuple[str, ...]]:
    yield ("META",)
    yield file.meta_columns
    yield from file.meta.items()
    yield ("PROJECTS",)
    yield file.project_columns
    yield from (project.cells for project in file.projects)
    yield ("VOTES",)
    yield file.vote_columns
    yield from (vote.cells for vote in file.votes)
