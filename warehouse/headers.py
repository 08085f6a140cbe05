"""Header matching: which title in a file stands for which column of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import polars as pl

from schemas.contract import Extract, Sheet
from schemas.text import name_key, shape
from warehouse.readers.reading import Refusal

_PLAIN_HEADER = r"^[A-Za-z_][A-Za-z0-9_]{0,40}$"


@dataclass(frozen=True)
class Match:
    """`columns` maps a title's place in the file to a column name, `extra` to its title; `missing` are absent columns."""

    columns: Mapping[int, str]
    extra: Mapping[int, str]
    missing: tuple[str, ...]


def match(titles: Sequence[str | None], extract: Extract, ignored: Iterable[str] = ()) -> Match:
    """Match titles on their folded form; the first of two equal titles wins, the second is extra. Row numbers are no column."""
    known = _known(extract)
    skipped = set(keys_of((*ignored, *(extract.layout.ignored if isinstance(extract.layout, Sheet) else ()))))
    columns: dict[int, str] = {}
    extra: dict[int, str] = {}
    for place, (title, key) in enumerate(zip(titles, keys_of(titles), strict=True)):
        if not title or key is None or key in skipped:
            continue
        name = known.get(key)
        if name and name not in columns.values():
            columns[place] = name
        else:
            extra[place] = title
    found = set(columns.values())
    missing = tuple(column.name for column in extract.columns if column.must_exist and column.name not in found)
    return Match(columns, extra, missing)


@cache
def _known(extract: Extract) -> Mapping[str | None, str]:
    return {key: column.name for column in extract.columns for key in keys_of(column.headers)}


def incomplete(matched: Match, extract: Extract) -> Refusal | None:
    """Why a file must be refused whose titles are not this form's, or that lacks a column which must exist."""
    must_exist = [column.name for column in extract.columns if column.must_exist]
    if len(must_exist) - len(matched.missing) < len(must_exist) / 2:
        return Refusal("file.header_not_found", shown(list(matched.extra.values())[:5]))
    if matched.missing:
        return Refusal("file.missing_column", "; ".join(extract.column(name).vi for name in matched.missing))
    return None


def shown(titles: Sequence[str]) -> str:
    """Titles as they may be shown: plain identifiers as they are, anything else as its outline."""
    series = pl.Series("title", list(titles), dtype=pl.String).to_frame()
    title = pl.col("title")
    safe = pl.when(title.str.contains(_PLAIN_HEADER)).then(title).otherwise(shape(title))
    return "; ".join(series.select(safe.alias("title"))["title"].to_list())


def keys_of(titles: Iterable[str | None]) -> list[str | None]:
    """Titles folded for comparison."""
    return list(_keys_of(tuple(titles)))


@lru_cache(maxsize=4096)
def _keys_of(titles: tuple[str | None, ...]) -> tuple[str | None, ...]:
    series = pl.Series("title", titles, dtype=pl.String).to_frame()
    return tuple(series.select(name_key(pl.col("title")))["title"].to_list())
