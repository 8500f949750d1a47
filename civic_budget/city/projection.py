"""Degrees on the drawing of the city and back: north up, one scale for both directions. Plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

WIDTH = 720.0
MARGIN = 66.0
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Projection:
    """How degrees become drawing units; flat earth, which is exact enough for a city."""

    left: float
    top: float
    scale: float
    squeeze: float
    height: float

    @classmethod
    def around(cls, places: Sequence[tuple[float, float]]) -> Projection:
        """The projection that puts these places (latitude, longitude) on a drawing of `WIDTH` with a margin."""
        squeeze = cos(radians(sum(latitude for latitude, _ in places) / len(places)))
        across = [longitude * squeeze for _, longitude in places]
        down = [-latitude for latitude, _ in places]
        scale = (WIDTH - 2 * MARGIN) / (max(across) - min(across))
        height = (max(down) - min(down)) * scale + 2 * MARGIN
        return cls(min(across), min(down), scale, squeeze, height)

    @property
    def metres_per_unit(self) -> float:
        """How many metres a drawing unit is."""
        return METRES_PER_DEGREE / self.scale

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Degrees to drawing units."""
        across = (longitude * self.squeeze - self.left) * self.scale + MARGIN
        return across, (-latitude - self.top) * self.scale + MARGIN

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Drawing units to latitude and longitude."""
        across = (x - MARGIN) / self.scale + self.left
        return -((y - MARGIN) / self.scale + self.top), across / self.squeeze
