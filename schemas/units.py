"""Administrative units by name: every way a unit of the packaged reference may be written, as keys to look up.

Which spelling a file used is no business of this module; codes valid on other dates live in `schemas.reference`.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import polars as pl

from schemas.reference import tables
from schemas.text import name_key
from schemas.unit_names import gazetteer

_KIND_WORDS = {
    "Tỉnh": ("tỉnh",),
    "Thành phố": ("thành phố", "tp"),
    "Thị xã": ("thị xã", "tx"),
    "Huyện": ("huyện", "h"),
    "Xã": ("xã", "x"),
    "Phường": ("phường", "p"),
    "Thị trấn": ("thị trấn", "tt"),
}


@lru_cache(maxsize=64)
def names_on(on: date) -> pl.DataFrame:
    """Spellings of the units that exist on a day.

    Columns: `district_key` (key of the district, null for units that are not communes), `name_key`, `unit_code`, `level`.
    A unit appears once per spelling: with its kind in full, abbreviated, or bare.
    """
    units = tables.administrative_unit().filter(
        (pl.col("valid_from") <= on) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > on))
    )
    spellings = pl.concat(
        [
            units.filter(pl.col("unit_type") == kind).with_columns(spelling=pl.concat_str(pl.lit(word + " "), "name"))
            for kind, words in _KIND_WORDS.items()
            for word in words
        ]
        + [units.with_columns(spelling=pl.col("name"))]
    ).select("unit_code", "level", "parent_code", name_key=name_key(pl.col("spelling")))
    districts = spellings.filter(pl.col("level") == "district").select(parent_code="unit_code", district_key="name_key")
    communes = spellings.filter(pl.col("level") == "commune").join(districts, on="parent_code", how="left")
    above = spellings.filter(pl.col("level") != "commune").with_columns(district_key=pl.lit(None, pl.String))
    order = ["district_key", "name_key", "unit_code", "level"]
    return pl.concat([communes.select(order), above.select(order)]).unique(maintain_order=True)


def resolve(
    frame: pl.DataFrame, name: str, district: str | None, on: date, *, accepts_variants: bool = False
) -> pl.DataFrame:
    """Add `unit_code`, `matches` (how many units the name could mean) and `by_variant` (whether it took more than the exact
    name to find it) to a frame with a `name` and a `district` column.

    A row with a district is matched within it; without one the name must be unique in the province. Never guesses:
    `unit_code` is null unless exactly one unit matches. With `accepts_variants`, names that are not found as they are
    written are looked up abbreviated, without marks, with their district behind them and among those of former communes.
    """
    exact = _resolve_exactly(frame, name, district, on).with_columns(by_variant=pl.lit(value=False))
    return _with_variants(exact, name, district, on) if accepts_variants else exact


def _with_variants(exact: pl.DataFrame, name: str, district: str | None, on: date) -> pl.DataFrame:
    places = [name, district] if district else [name]
    # Most files name a few hundred units, each many times.
    unknown = (
        exact.filter((pl.col("matches") == 0) & pl.col(name).is_not_null()).select(places).unique(maintain_order=True)
    )
    if unknown.is_empty():
        return exact
    names = gazetteer(on)
    found = [sorted(names.find(*row)) for row in unknown.iter_rows()]
    by_variant = unknown.with_columns(
        pl.Series("__matches", [len(codes) for codes in found], dtype=exact.schema["matches"]),
        pl.Series("__code", [codes[0] if len(codes) == 1 else None for codes in found], dtype=pl.String),
    )
    return (
        exact.join(by_variant, on=places, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            pl.coalesce("unit_code", "__code").alias("unit_code"),
            pl.coalesce("__matches", "matches").alias("matches"),
            pl.col("__code").is_not_null().alias("by_variant"),
        )
        .drop("__matches", "__code")
    )


def _resolve_exactly(frame: pl.DataFrame, name: str, district: str | None, on: date) -> pl.DataFrame:
    names = names_on(on)
    keyed = frame.with_columns(
        pl.col(name).pipe(name_key).alias("__name"),
        (pl.col(district).pipe(name_key) if district else pl.lit(None, pl.String)).alias("__district"),
    )
    within = (
        names.filter(pl.col("district_key").is_not_null())
        .group_by("district_key", "name_key")
        .agg(pl.col("unit_code").unique())
        .rename({"district_key": "__district", "name_key": "__name", "unit_code": "__within"})
    )
    anywhere = (
        names.group_by("name_key")
        .agg(pl.col("unit_code").unique())
        .rename({"name_key": "__name", "unit_code": "__anywhere"})
    )
    return (
        keyed.join(within, on=["__district", "__name"], how="left", maintain_order="left")
        .join(anywhere, on="__name", how="left", maintain_order="left")
        .with_columns(__found=pl.when(pl.col("__district").is_null()).then("__anywhere").otherwise("__within"))
        .with_columns(matches=pl.col("__found").list.len().fill_null(0))
        .with_columns(unit_code=pl.when(pl.col("matches") == 1).then(pl.col("__found").list.first()))
        .select(pl.exclude("^__.*$"))
    )
