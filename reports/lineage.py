"""The lineage of tables as a picture: each table in the column after all it is made from, lines from left to right.

What belongs here: where tables and lines stand in the picture. What does not: what a table is made from (the release
says it), or how the picture looks (`templates/dictionary.html.j2`, `templates/page.css`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from statistics import fmean
from typing import Final

BOX_WIDTH: Final = 270
BOX_HEIGHT: Final = 26
_LAYER_STEP: Final = BOX_WIDTH + 80
_ROW_STEP: Final = BOX_HEIGHT + 10
_MARGIN: Final = 4
_SWEEPS: Final = 6

Upstream = Mapping[str, Sequence[str]]
"""For each table the names of those it is made from."""


@dataclass(frozen=True)
class Box:
    """A table in the picture, by its upper left corner in pixels."""

    name: str
    left: float
    top: float


@dataclass(frozen=True)
class Picture:
    """All boxes, and the lines between them as SVG paths, in pixels."""

    boxes: Sequence[Box]
    lines: Sequence[str]
    width: float
    height: float


def draw(upstream: Upstream) -> Picture:
    """Place every table and everything one is made from.

    Raises graphlib.CycleError when a table is made from itself.
    """
    layers = _ordered(_layers(upstream), upstream)
    tallest = max((len(layer) for layer in layers), default=0)
    boxes = {
        name: Box(
            name,
            left=_MARGIN + depth * _LAYER_STEP,
            top=_MARGIN + (row + (tallest - len(layer)) / 2) * _ROW_STEP,
        )
        for depth, layer in enumerate(layers)
        for row, name in enumerate(layer)
    }
    return Picture(
        boxes=list(boxes.values()),
        lines=[_line(boxes[source], boxes[name]) for name, sources in upstream.items() for source in sources],
        width=max(len(layers) * _LAYER_STEP - (_LAYER_STEP - BOX_WIDTH), 0) + 2 * _MARGIN,
        height=tallest * _ROW_STEP + 2 * _MARGIN,
    )


def _layers(upstream: Upstream) -> list[list[str]]:
    sorter = TopologicalSorter(upstream)
    sorter.prepare()
    layers = []
    while sorter.is_active():
        layer = sorted(sorter.get_ready())
        sorter.done(*layer)
        layers.append(layer)
    return layers


def _ordered(layers: list[list[str]], upstream: Upstream) -> list[list[str]]:
    """Layers in which tables stand beside what they are joined to, so that fewer lines cross: forth and back, in turns."""
    downstream: dict[str, list[str]] = {}
    for name, sources in upstream.items():
        for source in sources:
            downstream.setdefault(source, []).append(name)
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        neighbours = upstream if forth else downstream
        for layer in layers if forth else reversed(layers):
            place = _places(layers)
            wanted = {name: _middle(place, neighbours.get(name, ()), otherwise=place[name]) for name in layer}
            layer.sort(key=wanted.__getitem__)
    return layers


def _places(layers: Iterable[Sequence[str]]) -> dict[str, float]:
    """Where each table stands in its layer, as a share of the layer's height."""
    return {name: (row + 0.5) / len(layer) for layer in layers for row, name in enumerate(layer)}


def _middle(place: Mapping[str, float], names: Sequence[str], *, otherwise: float) -> float:
    return fmean(place[name] for name in names) if names else otherwise


def _line(source: Box, target: Box) -> str:
    from_x, from_y = source.left + BOX_WIDTH, source.top + BOX_HEIGHT / 2
    to_x, to_y = target.left, target.top + BOX_HEIGHT / 2
    bend = (from_x + to_x) / 2
    return f"M{from_x:g} {from_y:g}C{bend:g} {from_y:g} {bend:g} {to_y:g} {to_x:g} {to_y:g}"
