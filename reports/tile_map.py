"""The map of communes: a tile for each, grouped by district, the districts about where they lie; or real shapes.

What belongs here: where a tile stands, its class and the words it is read by. What does not: values, and which indicator
is shown. Where a tile stands within its district says nothing: tiles follow their codes, and the map says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final

import polars as pl
from markupsafe import Markup

from reports import page, wording
from reports.map_shapes import WIDTH, Shapes
from reports.wording import Amount, Bilingual
from schemas.reference import tables

CLASSES: Final = 5
_DISTRICTS_END: Final = date(2025, 7, 1)
_JUDGED: Final = frozenset({"met", "not_met"})
_WITHOUT_TARGET: Final = "not_applicable"
_NOT_DERIVABLE: Final = "not_derivable"
_ELSEWHERE: Final = "elsewhere"
# The shapes of the page beside the colours, for those who do not tell these apart.
_SIGNS: Final[Mapping[str, str]] = {
    "not_met": "▲",
    "insufficient_data": "◆",
    "held": "■",
    "met": "●",
    "not_applicable": "–",
}
_NO_VALUE: Final = Bilingual("chưa có số liệu", "no figure")
_CANNOT_BE_ADDED: Final = Bilingual("không suy ra được", "not derivable")


@dataclass(frozen=True)
class Unit:
    """A commune of the day of the map: its code, value, status and page, if it has one.

    The status is one of `wording.STATUS`, or `not_derivable` where figures cannot be added up whole for that day.
    """

    code: str
    name: Bilingual
    value: Amount | None
    status: str
    link: str = ""


@dataclass(frozen=True)
class _Tile:
    """A commune as it is drawn: the class of its look, the sign on it and the words it is read by."""

    code: str
    look: str
    sign: str
    words: Bilingual
    link: str
    path: str = ""
    across: float = 0
    down: float = 0


@dataclass(frozen=True)
class _Block:
    """A district, or one that was, with its communes in the order of their codes."""

    code: str
    name: Bilingual
    tiles: Sequence[_Tile]


@dataclass(frozen=True)
class _Key:
    """A line of the legend."""

    look: str
    sign: str
    words: Bilingual


def drawn(
    name: str, title: Bilingual, units: Sequence[Unit], measure: str, *, on: date, shapes: Shapes | None = None
) -> Markup:
    """The map of communes as they were on a day, by status where they have a target and otherwise in five classes.

    `name` is the id of the figure in its page; `measure` as in `indicator.csv`. With shapes, communes that have one are
    drawn so, the others remain tiles.
    """
    looks, key = _looks(units, measure)
    tiles = [_tile(unit, looks[unit.code], measure, shapes) for unit in sorted(units, key=lambda unit: unit.code)]
    html = page.environment().get_template("tile_map.html.j2")
    return Markup(  # noqa: S704  # the template escapes what it is given
        html.render(
            name=name,
            title=title,
            key=key,
            blocks=_blocks([tile for tile in tiles if not tile.path]),
            areas=[tile for tile in tiles if tile.path],
            width=WIDTH,
            height=shapes.height if shapes else 0,
            districts_are_former=on >= _DISTRICTS_END,
        )
    )


@cache
def _districts() -> Mapping[str, Bilingual]:
    rows = tables.administrative_unit().filter(pl.col("level") == "district").sort("unit_code").iter_rows(named=True)
    return {row["unit_code"]: Bilingual(row["full_name"], row["name_en"]) for row in rows}


@cache
def _district_of() -> Mapping[str, str]:
    """The district of each code of a commune; a commune of July 2025 keeps the code of one it was made of."""
    units = tables.administrative_unit()
    communes = units.filter(pl.col("level") == "commune", pl.col("parent_code").is_in(list(_districts())))
    return dict(communes.select("unit_code", "parent_code").iter_rows())


def _blocks(tiles: Sequence[_Tile]) -> list[_Block]:
    gathered: dict[str, list[_Tile]] = {code: [] for code in (*_districts(), _ELSEWHERE)}
    for tile in tiles:
        gathered[_district_of().get(tile.code, _ELSEWHERE)].append(tile)
    names = {**_districts(), _ELSEWHERE: Bilingual("Nơi khác", "Elsewhere")}
    return [_Block(code, names[code], tiles) for code, tiles in gathered.items() if tiles]


def _looks(units: Sequence[Unit], measure: str) -> tuple[Mapping[str, tuple[str, str]], list[_Key]]:
    """The look and sign of each commune, and the legend that explains those that occur."""
    if any(unit.status in _JUDGED for unit in units):
        by_status = {unit.code: (f"look-{unit.status}", _SIGNS.get(unit.status, "")) for unit in units}
        return by_status, [
            _Key(f"look-{status}", sign, wording.word(wording.STATUS, status))
            for status, sign in _SIGNS.items()
            if any(unit.status == status for unit in units)
        ]
    return _classed(units, measure)


def _classed(units: Sequence[Unit], measure: str) -> tuple[Mapping[str, tuple[str, str]], list[_Key]]:
    """Classes of about equally many communes, numbered from the least; equal values share a class."""
    known = sorted(float(unit.value) for unit in units if unit.value is not None)
    bounds = [known[len(known) * place // CLASSES] for place in range(1, CLASSES)] if known else []
    members: dict[int, list[Amount]] = {}
    looks = {}
    for unit in units:
        if unit.value is None:
            looks[unit.code] = ("look-none", "×" if unit.status == _NOT_DERIVABLE else "–")
            continue
        number = 1 + sum(float(unit.value) >= bound for bound in bounds)
        members.setdefault(number, []).append(unit.value)
        looks[unit.code] = (f"look-{number}", str(number))
    key = [_Key(f"look-{number}", str(number), _range(values, measure)) for number, values in sorted(members.items())]
    without = {"–": _NO_VALUE, "×": _CANNOT_BE_ADDED}
    return looks, key + [_Key(*look, without[look[1]]) for look in sorted(set(looks.values())) if look[1] in without]


def _range(values: Sequence[Amount], measure: str) -> Bilingual:
    least, most = wording.amount(min(values), measure), wording.amount(max(values), measure)
    return least if least == most else Bilingual(f"{least.vi} – {most.vi}", f"{least.en} – {most.en}")


def _words(unit: Unit, measure: str) -> Bilingual:
    if unit.status == _NOT_DERIVABLE:
        return Bilingual(f"{unit.name.vi}: {_CANNOT_BE_ADDED.vi}", f"{unit.name.en}: {_CANNOT_BE_ADDED.en}")
    value, status = wording.amount(unit.value, measure), wording.word(wording.STATUS, unit.status)
    said = Bilingual(f"{unit.name.vi}: {value.vi}", f"{unit.name.en}: {value.en}")
    if unit.status == _WITHOUT_TARGET:
        return said
    return Bilingual(f"{said.vi}, {status.vi}", f"{said.en}, {status.en}")


def _tile(unit: Unit, look: tuple[str, str], measure: str, shapes: Shapes | None) -> _Tile:
    made = _Tile(unit.code, *look, _words(unit, measure), unit.link)
    if shapes is None or unit.code not in shapes.paths:
        return made
    across, down = shapes.middles[unit.code]
    return replace(made, path=shapes.paths[unit.code], across=across, down=down)
