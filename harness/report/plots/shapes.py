"""Shapes of the plots: text, lines and boxes of an SVG image, and scales that people can read."""

import math
from xml.sax.saxutils import escape

__all__ = ["line", "rect", "round_step", "sheet", "text"]

_STYLE = "font: 12px system-ui, sans-serif; fill: #1f2933"


def sheet(width: float, height: float, title: str, *parts: str) -> str:
    """A whole image of these parts."""
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
            f'height="{height:g}" role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">',
            f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>',
            *parts,
            "</svg>",
            "",
        )
    )


def round_step(least: float) -> float:
    """The next larger of 1, 2, 5 times a power of ten."""
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * 0.999)


def text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "400") -> str:
    """Words at a place; ``anchor`` says which end of them is there."""
    style = f"{_STYLE}; font-weight: {weight}"
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{style}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1) -> str:
    """A straight line."""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}"/>'


def rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    """A filled box, from its upper left corner."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'
