"""The few shapes that the pictures are made of, as SVG text. Lengths are the picture's own units, y grows downwards."""

from collections.abc import Iterable
from html import escape

PAPER, INK, FAINT, GRID = "#ffffff", "#1b1f24", "#57606a", "#d8dee4"
TEXT_SIZE = 17
"""On a phone the picture is drawn at about two thirds of its size."""


def number(value: float) -> str:
    """A coordinate, rounded to what can be seen."""
    return f"{round(value, 1):g}"


def text(x: float, y: float, content: str, anchor: str = "start", fill: str = INK, weight: str = "normal") -> str:
    """A line of text whose baseline is at y; what is drawn behind it keeps a little away."""
    return (
        f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" fill="{fill}" font-weight="{weight}">'
        f"{escape(content)}</text>"
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = INK, width: float = 1, dash: str = "") -> str:
    """A straight line, broken where `dash` says how."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" stroke="{stroke}" '
        f'stroke-width="{number(width)}"{broken}/>'
    )


def path(points: Iterable[tuple[float, float]], stroke: str = INK, width: float = 1, fill: str = "none") -> str:
    """A line through all points; with a fill, the area within."""
    steps = " L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f'<path d="M{steps}" fill="{fill}" stroke="{stroke}" stroke-width="{number(width)}"/>'


def circle(x: float, y: float, radius: float, fill: str = INK, stroke: str = INK) -> str:
    """A dot; filled with the paper's colour it is a ring."""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" stroke="{stroke}"/>'


def diamond(x: float, y: float, radius: float, fill: str = INK) -> str:
    """A square that stands on a corner."""
    corners = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y), (x, y - radius))
    return path(corners, stroke=PAPER, width=1.5, fill=fill)


def box(x: float, y: float, width: float, height: float, fill: str, stroke: str = INK, dash: str = "") -> str:
    """A rectangle."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" fill="{fill}" '
        f'stroke="{stroke}"{broken}/>'
    )


def document(width: float, height: float, title: str, description: str, shapes: Iterable[str]) -> str:
    """The whole file. It brings its own paper, so that it reads the same on a light and on a dark page."""
    size = f'viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" height="{number(height)}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title description" '
        f"font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\" font-size=\"{TEXT_SIZE}\">",
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(description)}</desc>',
        "<style>text { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round } "
        ".plain { stroke: none }</style>",
        '<pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0V6" stroke="{FAINT}" stroke-width="2.5"/></pattern>',
        f'<rect x="0.5" y="0.5" width="{number(width - 1)}" height="{number(height - 1)}" rx="8" fill="{PAPER}" '
        f'stroke="{GRID}"/>',
    )
    return "\n".join((*head, *shapes, "</svg>", ""))
