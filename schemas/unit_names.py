"""Names of administrative units as people write them: abbreviated, without marks, with their district behind a comma.

What is written exactly is found in `schemas.units`; here stands what is still certain beyond that. Nothing is guessed: a
name that fits two units, another province or no unit at all has no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from schemas.reference import tables

_KINDS = {
    "Tỉnh": "tỉnh|t",
    "Thành phố": "thành phố|t phố|thành p|tp|t p|tpho",
    "Thị xã": "thị xã|tx|t x",
    "Huyện": "huyện|h",
    "Xã": "xã|x",
    "Phường": "phường|p|ph|f",
    "Thị trấn": "thị trấn|tt|ttr|t t|t trấn|thị tr",
}
_LEVELS = {"Tỉnh": 0, "Thành phố": 1, "Thị xã": 1, "Huyện": 1, "Xã": 2, "Phường": 2, "Thị trấn": 2}
_OFFICE = re.compile(r"^(?:ubnd|hđnd|ủy ban nhân dân|uỷ ban nhân dân|hội đồng nhân dân|đơn vị|địa bàn)[ :]+")
_APART = re.compile(r"\s*[,;()\[\]/|]\s*|\s+[-–—]\s+")
_LOWEST = 2
_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"


@dataclass(frozen=True)
class _Unit:
    code: str
    kind: str
    name: str
    parent: str | None


def _marks_apart(text: str) -> str:
    """Small letters with marks after them, tones last in their syllable, i for y, one space between words."""
    apart = unicodedata.normalize("NFD", text.lower()).replace("đ", "d\u0335").replace("ð", "d\u0335")
    toned = re.sub(rf"([{_TONE_MARKS}])(\w+)", r"\2\1", re.sub(r"[._’'`:\-]+", " ", apart))
    return " ".join(toned.replace("y", "i").split())


def _plain(text: str) -> str:
    return re.sub(r"[\u0300-\u036f]", "", text)


def _same(text: str) -> str:
    return text


def _with_one_tone(text: str) -> str:
    """Hỏi and ngã, which many speakers do not tell apart, made one."""
    return text.replace("\u0303", "\u0309")


def _joined(text: str) -> str:
    """Letters without spaces, and their tones after them: without spaces nobody knows where a syllable ends."""
    return re.sub(rf"[ {_TONE_MARKS}]", "", text) + re.sub(rf"[^{_TONE_MARKS}]", "", text)


_WAYS: tuple[Callable[[str], str], ...] = (_same, _with_one_tone, _joined)
"""How two spellings may differ and still be one name, the closest first; marks left out come after all of these."""


class Gazetteer:
    """A list of units, to be found by what somebody wrote.

    units: `unit_code`, `unit_type`, `name`, `parent_code`. former: the same columns for units that are no more, with
    `unit_code` naming the one that took each in.
    """

    def __init__(self, units: pl.DataFrame, former: pl.DataFrame | None = None) -> None:
        self._present = _Index(units)
        self._former = _Index(former) if former is not None else None

    def find(self, name: str, district: str | None = None) -> frozenset[str]:
        """The codes of the units that a name could mean, within a district when one is given or stands in the name."""
        first, *rest = [part for part in _APART.split(_OFFICE.sub("", name.lower().strip())) if part.strip(" .")] or [
            ""
        ]
        above = [part for part in (*rest, district) if part]
        return self._present.codes(first, above) or (self._former.codes(first, above) if self._former else frozenset())


class _Index:
    """Units by every form in which a name is looked up."""

    def __init__(self, units: pl.DataFrame) -> None:
        rows = units.select("unit_code", "unit_type", "name", "parent_code").iter_rows()
        self._units = [_Unit(code, kind, _marks_apart(name), parent) for code, kind, name, parent in rows]
        self._higher = {unit.code: unit for unit in self._units if _LEVELS[unit.kind] < _LOWEST}
        self._by_way = [_grouped(self._units, way) for way in _WAYS]
        self._by_letters = _grouped(self._units, _letters)
        self._by_initials = _grouped(self._units, _initials)

    def codes(self, written: str, above: Iterable[str]) -> frozenset[str]:
        """The units of a name that lie within everything that is named above them."""
        found = self._matching(written)
        for part in above:
            around = {unit.code for unit in self._matching(part) if _LEVELS[unit.kind] < _LOWEST}
            found = [unit for unit in found if self._is_within(unit, around)]
        return frozenset(unit.code for unit in found)

    def _is_within(self, unit: _Unit, around: set[str]) -> bool:
        parent = self._higher.get(unit.parent or "")
        return parent is not None and (parent.code in around or self._is_within(parent, around))

    def _matching(self, written: str) -> list[_Unit]:
        """The units that a single name fits, in the closest way that fits any."""
        readings = _readings(_marks_apart(written))
        for way, grouped in zip(_WAYS, self._by_way, strict=True):
            if found := _of_kind((kind, grouped.get(way(rest), [])) for kind, rest in readings):
                return found
        found = _of_kind(
            (kind, [unit for unit in self._by_letters.get(_letters(rest), []) if _has_lost_marks(rest, unit.name)])
            for kind, rest in readings
        )
        if found or "." not in written:
            return found
        return _of_kind(
            (kind, [unit for unit in self._by_initials.get(_initials(rest), []) if _is_abbreviated(rest, unit.name)])
            for kind, rest in readings
        )


def _grouped(units: Iterable[_Unit], key: Callable[[str], str]) -> dict[str, list[_Unit]]:
    groups: dict[str, list[_Unit]] = {}
    for unit in units:
        groups.setdefault(key(unit.name), []).append(unit)
    return groups


def _of_kind(found: Iterable[tuple[str | None, list[_Unit]]]) -> list[_Unit]:
    """The units found under each kind that was written, without those of another kind, each once."""
    return list(dict.fromkeys(unit for kind, units in found for unit in units if kind in (None, unit.kind)))


def _letters(text: str) -> str:
    return _plain(text).replace(" ", "")


def _initials(text: str) -> str:
    return "".join(word[0] for word in _plain(text).split())


@lru_cache(maxsize=1)
def _kind_words() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Every way to write a kind of unit, word by word and without marks."""
    return tuple(
        (tuple(_plain(_marks_apart(word)).split()), kind)
        for kind, written in _KINDS.items()
        for word in written.split("|")
    )


def _readings(written: str) -> list[tuple[str | None, str]]:
    """A name with the kind it begins with taken off, in every way that is possible, and as it stands."""
    words = written.split()
    plain = [_plain(word) for word in words]
    with_kind: list[tuple[str | None, str]] = [
        (kind, " ".join(words[len(begin) :]))
        for begin, kind in _kind_words()
        if tuple(plain[: len(begin)]) == begin and len(words) > len(begin)
    ]
    return [*with_kind, (None, written)]


def _has_lost_marks(written: str, name: str) -> bool:
    """True where a name was written with some or all of its marks left out, and none that it does not have."""
    if _plain(written).replace(" ", "") != _plain(name).replace(" ", ""):
        return False
    syllables = written.split(), name.split()
    if len(syllables[0]) != len(syllables[1]):
        return _plain(written) == written
    return all(set(_marks(some)) <= set(_marks(all_)) for some, all_ in zip(*syllables, strict=True))


def _marks(syllable: str) -> str:
    return "".join(letter for letter in syllable if unicodedata.combining(letter))


def _is_abbreviated(written: str, name: str) -> bool:
    """True where some words, but not all, are cut to their first letter: "Q. Thọ"."""
    words, full = written.split(), name.split()
    is_cut = [len(_plain(word)) == 1 for word in words]
    if len(words) != len(full) or all(is_cut):
        return False
    return all(
        word == whole or (cut and (whole.startswith(word) or _plain(whole).startswith(word)))
        for word, whole, cut in zip(words, full, is_cut, strict=True)
    )


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
