"""Names of administrative units as people write them: abbreviated, without marks, with their district behind a comma.

What is written exactly is found in `schemas.units`; here stands what is still certain beyond that. Nothing is guessed: a
name that fits two units, another province or no unit at all has no answer. Spellings themselves are in `unit_spelling`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from schemas.reference import tables
from schemas.unit_spelling import (
    WAYS,
    has_lost_marks,
    initials_of,
    is_cut_short,
    kind_of,
    letters_of,
    parted,
    readings,
    sound_of,
    without_surroundings,
    without_tones,
    word_splits,
)

# Some lists call every unit of the first level a province, these cities too.
_CITIES_OF_FIRST_LEVEL = frozenset({"hanoi", "haiphong", "danang", "cantho", "hochiminh"})
_REMEMBERED = 1 << 15


@dataclass(frozen=True, slots=True)
class _Unit:
    code: str
    kind: str
    name: str
    parent: str | None


class Gazetteer:
    """A list of units of two levels or three, to be found by what somebody wrote.

    units: `unit_code`, `unit_type`, `name`, `parent_code` (null at the top). former: the same columns for units that are
    no more, with `unit_code` naming the one that took each in.
    """

    def __init__(self, units: pl.DataFrame, former: pl.DataFrame | None = None) -> None:
        present = _units_of(units)
        self._indexes = [_Index(present, present)]
        if former is not None:
            past = _units_of(former)
            self._indexes.append(_Index(past, [*past, *present]))

    def find(self, name: str, district: str | None = None) -> frozenset[str]:
        """The codes of the units that a name could mean, within a district when one is given or stands in the name.

        Where districts are no more, `district` may name the province.
        """
        above = self._above(next(parted(district or ""), ()))
        said = list(dict.fromkeys((first, *self._above(rest)) for first, *rest in parted(name)))
        written = [(*parts, *above) for parts in said]
        wanted = _Wanted(has_dots="." in name, has_district=bool(above))
        return (
            self._closest(written, wanted)
            or self._closest([parts for longer in written for parts in self._cut(longer)], wanted)
            or self._closest([(*parts, *above) for longer in said for parts in without_surroundings(longer)], wanted)
        )

    def _closest(self, written: list[tuple[str, ...]], wanted: _Wanted) -> frozenset[str]:
        """What the closest way of spelling finds, in the present before the past."""
        for way in wanted.ways:
            for first, *above in written:
                for index in self._indexes:
                    if codes := index.codes(first, above, way, wanted):
                        return codes
        return frozenset()

    def _cut(self, parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Parts with their first one cut into a name and the places above it, where nothing but spaces parts them."""
        first, *above = parts
        for name, rest in word_splits(first):
            if self._is_place(rest):
                yield (name, rest, *above)
            for lower, higher in word_splits(rest):
                if self._is_place(lower) and self._is_place(higher):
                    yield (name, lower, higher, *above)

    def _above(self, parts: Iterable[str]) -> tuple[str, ...]:
        """The places above a name, those cut in two that hold a district and its province."""
        return tuple(piece for part in parts for piece in self._in_two(part))

    def _in_two(self, part: str) -> tuple[str, ...]:
        if self._is_place(part):
            return (part,)
        cuts = (
            (lower, higher) for lower, higher in word_splits(part) if self._is_place(lower) and self._is_place(higher)
        )
        return next(cuts, (part,))

    def _is_place(self, part: str) -> bool:
        return any(index.around(part) for index in self._indexes)


# Ways of spelling by their place in `_ways_to`: sure by themselves; by a full stop that cuts words short; sure only within
# a place, where there are few names to be confused with.
_SURE_WAYS = tuple(range(len(WAYS) + 1))
_CUT_SHORT = len(_SURE_WAYS)
_WAYS_WITHIN = (_CUT_SHORT + 1, _CUT_SHORT + 2)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is known about a name besides its letters."""

    has_dots: bool
    has_district: bool

    @property
    def ways(self) -> tuple[int, ...]:
        return (*_SURE_WAYS, *((_CUT_SHORT,) if self.has_dots else ()), *_WAYS_WITHIN)


class _Index:
    """Units by every form in which a name is looked up; `beyond` are all units among which something may lie."""

    def __init__(self, units: list[_Unit], beyond: list[_Unit]) -> None:
        holding = {unit.parent for unit in beyond}
        places = [unit for unit in beyond if unit.code in holding]
        self._parents = {unit.code: unit.parent for unit in places}
        self._ways = _ways_to(units)
        self._ways_to_places = _ways_to(places)
        self._by_initials: dict[str, set[str]] = {}
        for unit in places:
            if " " in unit.name:
                self._by_initials.setdefault(initials_of(unit.name), set()).add(unit.code)
        self.around = lru_cache(maxsize=_REMEMBERED)(self._around)

    def codes(self, written: str, above: list[str], way: int, wanted: _Wanted) -> frozenset[str]:
        """The units of a name spelt in some way that lie within everything that is named above them."""
        if way in _WAYS_WITHIN and not above:
            return frozenset()
        found = self._ways[way](written)
        places = [self.around(part) or self._called(part, shortest=2) for part in above] if found else []
        for around in places:
            found = [unit for unit in found if self._is_within(unit.parent, around)]
        if len(found) > 1 and (wanted.has_district or len(places) > 1):
            # "X, Thái Nguyên, Thái Nguyên": the city of that name, not another district of the province.
            found = [unit for unit in found if unit.parent in places[0]] or found
        return frozenset(unit.code for unit in found)

    def _around(self, part: str) -> frozenset[str]:
        """The codes of the districts and provinces that a part may name, in the closest way that fits any."""
        for way in self._ways_to_places:
            if found := way(part):
                return frozenset(unit.code for unit in found)
        return self._called(part, shortest=3)

    def _called(self, part: str, *, shortest: int) -> frozenset[str]:
        """The same for places called by their initials, "TP.HCM"; without a kind before them, `shortest` letters or more."""
        called = {
            rest.replace(" ", "").removeprefix("tp")
            for kind, rest in readings(part)
            if kind is not None or len(rest) >= shortest
        }
        return frozenset(code for initials in called for code in self._by_initials.get(initials, ()))

    def _is_within(self, code: str | None, around: frozenset[str]) -> bool:
        seen = 0
        while code is not None and code not in around and seen < 3:
            code, seen = self._parents.get(code), seen + 1
        return code is not None and code in around


_Way = Callable[[str], list[_Unit]]


def _is_city_of_first_level(unit: _Unit) -> bool:
    return unit.parent is None and letters_of(unit.name) in _CITIES_OF_FIRST_LEVEL


def _units_of(units: pl.DataFrame) -> list[_Unit]:
    rows = units.select("unit_code", "unit_type", "name", "parent_code").iter_rows()
    return [_Unit(code, *kind_of(kind or "", name), parent or None) for code, kind, name, parent in rows]


def _ways_to(units: list[_Unit]) -> list[_Way]:
    """Every way to look a folded name up, the closest first, as `_Index` counts them."""
    return [
        *(_way(units, way) for way in WAYS),
        _way(units, letters_of, has_lost_marks),
        _way(units, initials_of, is_cut_short),
        _way(units, without_tones),
        _way(units, sound_of),
    ]


def _way(units: list[_Unit], key: Callable[[str], str], is_meant: Callable[[str, str], bool] | None = None) -> _Way:
    groups: dict[str, list[_Unit]] = {}
    for unit in units:
        groups.setdefault(key(unit.name), []).append(unit)

    def found(written: str) -> list[_Unit]:
        named = [
            (kind, unit)
            for kind, rest in readings(written)
            for unit in groups.get(key(rest), ())
            if is_meant is None or is_meant(rest, unit.name)
        ]
        fitting = [unit for kind, unit in named if kind in (None, unit.kind)]
        cities = [unit for kind, unit in named if kind == "thanh pho" and _is_city_of_first_level(unit)]
        return list(dict.fromkeys(fitting or cities))

    return found


@lru_cache(maxsize=64)
def gazetteer(on: date) -> Gazetteer:
    """The units of a day, and behind them the communes that were taken in whole by one of them."""
    units = tables.administrative_unit().filter(pl.col("valid_from") <= on)
    is_over = (pl.col("valid_to") <= on).fill_null(value=False)
    is_commune = pl.col("level") == "commune"
    # A former commune is looked for within the districts and the province of its time, most of which are former too.
    former = pl.concat([units.filter(~is_commune), _renamed(units.filter(is_commune & is_over), on)])
    return Gazetteer(units.filter(~is_over), former)


def _renamed(communes: pl.DataFrame, on: date) -> pl.DataFrame:
    """Former communes under the code of the unit that holds them on a day."""
    steps = tables.unit_succession().filter(pl.col("effective_on") <= on)
    by_day = {
        day: dict(changed.select("old_code", "new_code").iter_rows())
        for (day,), changed in steps.sort("effective_on").group_by("effective_on", maintain_order=True)
    }
    codes = []
    for code, valid_to in communes.select("unit_code", "valid_to").iter_rows():
        for day, step in by_day.items():
            # Codes are used again: only what happened from its end on happened to this commune.
            code = step.get(code, code) if day >= valid_to else code
        codes.append(code)
    return communes.with_columns(pl.Series("unit_code", codes, dtype=pl.String))
