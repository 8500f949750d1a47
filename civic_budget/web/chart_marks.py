"""The pieces that every chart is made of: the drawing itself, hatching, numbers as coordinates."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup


def plot(
    body: Sequence[Markup],
    height: float,
    chart_id: str,
    title: str,
    finding: str,
    *,
    hatch: bool = False,
) -> Markup:
    """A picture with its title and finding; `hatch` defines the hatching of protected marks."""
    return Markup(
        '<svg class="plot" id="{id}" role="img" aria-labelledby="{id}-title" '
        'aria-describedby="{id}-desc" width="100%" height="{height}">'
        '<title id="{id}-title">{title}</title><desc id="{id}-desc">{finding}</desc>'
        "{hatch}{body}</svg>"
    ).format(
        id=chart_id,
        height=short(height),
        title=title,
        finding=finding,
        hatch=_hatch(chart_id) if hatch else "",
        body=Markup("").join(body),
    )


def _hatch(chart_id: str) -> Markup:
    return Markup(
        '<defs><pattern id="{id}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="hatch-ground" width="7" height="7"/>'
        '<line class="hatch-line" x1="0" x2="0" y1="0" y2="7"/></pattern></defs>'
    ).format(id=chart_id)


def hatched(x: str, y: float, width: str, height: float, chart_id: str) -> Markup:
    """A protected mark: where a value would be, without telling it."""
    return Markup(
        '<rect class="protected-mark" x="{x}" y="{y}" width="{w}" height="{h}" rx="6" '
        'fill="url(#{id}-hatch)"/>'
        '<rect class="hatch-edge" x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/>'
    ).format(x=x, y=y, w=width, h=height, id=chart_id)


def percent(value: float, low: float, high: float) -> float:
    """Where a value lies between two others, in percent and never beyond them."""
    return 0.0 if high == low else max(0.0, min((value - low) / (high - low), 1.0)) * 100


def short(number: float) -> str:
    """A coordinate without noise: two decimals, no trailing zeros."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
