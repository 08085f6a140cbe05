"""Pretend people: names by real frequencies and personal identity numbers by the legal pattern.

The counts in ``name_parts.csv`` (how many of 8,757 persons carry a surname, a middle name, a given name) were counted
from duyet/vietnamese-namedb (MIT, © 2016 Van-Duyet Le). No person here is real; all numbers are simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl

from samples.draws import Floats, Mask, generator, weighted

_PROVINCE_PREFIX: Final = "034"
_ADULTS_BORN: Final = (1938, 2006)
# Coprime with a million, so that serial numbers do not repeat among the first million people.
_SERIAL_STEP: Final = 386_117


@dataclass(frozen=True)
class People:
    """Names and 12-digit identity numbers of the same people, in the same order."""

    names: pl.Series
    citizen_numbers: pl.Series

    def __len__(self) -> int:
        return len(self.names)


def make_people(seed: int, size: int, *, topic: str = "people", born: tuple[int, int] = _ADULTS_BORN) -> People:
    """``size`` people of the province born within two years, both included; others for every ``topic``."""
    rng = generator(seed, topic)
    is_woman = rng.random(size) < 0.5
    parts = pl.read_csv(files(__package__).joinpath("name_parts.csv").read_bytes())
    names = pl.select(
        pl.concat_str(
            _draw_part(rng, parts, "surname", size),
            _draw_middle(rng, parts, is_woman),
            _draw_part(rng, parts, "given", size),
            separator=" ",
        ).alias("name")
    ).to_series()
    return People(names, _citizen_numbers(rng, is_woman, born))


def born_on(citizen_number: str, number: int) -> str:
    """A day of birth in the year that an identity number tells, never a first of January; of some only the year."""
    year = 1900 + int(citizen_number[3]) // 2 * 100 + int(citizen_number[4:6])
    return str(year) if number % 13 == 8 else f"{2 + number % 27:02d}/{1 + number % 12:02d}/{year}"


def _draw_part(rng: np.random.Generator, parts: pl.DataFrame, part: str, size: int) -> pl.Series:
    known = parts.filter(pl.col("part") == part)
    return known["name"].gather(weighted(rng, _weights(known), size))


def _draw_middle(rng: np.random.Generator, parts: pl.DataFrame, is_woman: Mask) -> pl.Series:
    """Middle names; "Văn" is kept for men and "Thị" for women, as in life."""
    known = parts.filter(pl.col("part") == "middle")
    weights = _weights(known)
    names = known["name"].to_numpy()
    men = weighted(rng, np.where(names == "Thị", 0.0, weights), len(is_woman))
    women = weighted(rng, np.where(names == "Văn", 0.0, np.where(names == "Thị", weights * 6, weights)), len(is_woman))
    return known["name"].gather(np.where(is_woman, women, men))


def _weights(known: pl.DataFrame) -> Floats:
    return known["persons"].cast(pl.Float64).to_numpy()


def _citizen_numbers(rng: np.random.Generator, is_woman: Mask, born_within: tuple[int, int]) -> pl.Series:
    """034, century and sex (0/1 born before 2000, 2/3 after), two digits of the birth year, six of a serial number."""
    size = len(is_woman)
    first, last = born_within
    born = rng.integers(first, last + 1, size)
    sex_digit = is_woman.astype(np.int64) + np.where(born >= 2000, 2, 0)
    serial = (np.arange(size) * _SERIAL_STEP + 271_828) % 1_000_000
    digits = sex_digit * 100_000_000 + (born % 100) * 1_000_000 + serial
    return pl.select(
        pl.lit(_PROVINCE_PREFIX) + pl.lit(pl.Series("digits", digits)).cast(pl.String).str.zfill(9)
    ).to_series()
