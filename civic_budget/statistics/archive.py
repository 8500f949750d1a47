"""Whole releases outside the database: a numbered folder each, which appears complete or not at all.

A release stands here before the database knows it, so neither a crash nor a restored backup can
lead to a second draw.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from . import files
from .errors import AlreadySealed, BrokenChain, StatisticsError
from .ledger import GENESIS, Sealed, broken_links
from .release import Release

_NUMBERED = "[0-9]" * 6


class ReleaseArchive:
    """The releases of a folder, oldest first, read once; a new one is only ever added."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def count(self) -> int:
        """How many releases there are, without reading them."""
        return len(self._numbered())

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        """Every release; raises BrokenChain when any seal was changed or cannot be read."""
        found = []
        for folder in self._numbered():
            try:
                found.append(files.read(folder))
            except StatisticsError as error:
                raise BrokenChain(f"archive {folder.name}: {error}") from error
        for problem in broken_links([s for made in found for s in made.seals], GENESIS):
            raise BrokenChain(f"archive: {problem}")
        return tuple(found)

    def head(self) -> str:
        """The hash of the last seal, GENESIS when there is none."""
        seals = self.tables()
        return seals[-1].sha256 if seals else GENESIS

    def tables(self, edition: str | None = None) -> tuple[Sealed, ...]:
        """The seals of one edition, or all, oldest first."""
        return tuple(
            seal
            for made in self.releases
            for seal in made.seals
            if edition is None or seal.edition == edition
        )

    def keep(self, content: Mapping[str, str]) -> None:
        """Add a release as its files by name, on disk when this returns.

        Raises AlreadySealed when somebody else added one since this archive was looked at.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._folder / f"{len(self.releases) + 1:06d}"
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".draw-") as temporary:
            ready = Path(temporary) / "ready"
            ready.mkdir()
            for name, text in content.items():
                _write(ready / name, text)
            try:
                ready.rename(place)
            except OSError as error:
                raise AlreadySealed(f"the archive has a release {place.name} already") from error
        _flush(self._folder)
        del self.releases

    def _numbered(self) -> list[Path]:
        return sorted(path for path in self._folder.glob(_NUMBERED) if path.is_dir())


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o444)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
