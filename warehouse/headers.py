"""Header matching: which title in a file stands for which column of the contract."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import islice

import polars as pl

from schemas.contract import Extract, Sheet
from schemas.synonyms import confirmed
from schemas.text import name_key, shape
from warehouse.readers.reading import Refusal

NO_TITLES = "không dòng nào giống (no row is like it)"
"""What was found where a file has nothing that could be titles of the form."""
_FINGERPRINT_HEX = 16
_LIKENESS = 0.75
_MOST_COMPARED = 50
_LONGEST_COMPARED = 200
_PLAIN_HEADER = r"^[A-Za-z_][A-Za-z0-9_]{0,40}$"


@dataclass(frozen=True)
class Match:
    """`columns` maps a title's place in the file to a column name, `extra` to its title; `missing` are absent columns.

    `fingerprint` stands for all titles in their order: 16 hex characters, equal where the titles fold to the same.
    """

    columns: Mapping[int, str]
    extra: Mapping[int, str]
    missing: tuple[str, ...]
    fingerprint: str = ""


def match(titles: Sequence[str | None], extract: Extract, ignored: Iterable[str] = ()) -> Match:
    """Match titles on their folded form; the first of two equal titles wins, the second is extra. Row numbers are no column."""
    known = _known(extract)
    skipped = set(keys_of((*ignored, *(extract.layout.ignored if isinstance(extract.layout, Sheet) else ()))))
    columns: dict[int, str] = {}
    extra: dict[int, str] = {}
    keys = keys_of(titles)
    for place, (title, key) in enumerate(zip(titles, keys, strict=True)):
        if not title or key is None or key in skipped:
            continue
        name = known.get(key)
        if name and name not in columns.values():
            columns[place] = name
        else:
            extra[place] = title
    found = set(columns.values())
    missing = tuple(column.name for column in extract.columns if column.must_exist and column.name not in found)
    return Match(columns, extra, missing, _fingerprint(keys))


def _fingerprint(keys: Sequence[str | None]) -> str:
    named = "\x1f".join(key for key in keys if key)
    return hashlib.sha256(named.encode()).hexdigest()[:_FINGERPRINT_HEX]


@cache
def _known(extract: Extract) -> Mapping[str | None, str]:
    synonyms = confirmed(extract.name)
    agreed = dict(zip(keys_of(synonyms), synonyms.values(), strict=True))
    return agreed | {key: column.name for column in extract.columns for key in keys_of(column.headers)}


def column_of(title: str, extract: Extract) -> str | None:
    """The column a title stands for, by the contract or by a confirmed synonym; None for an unknown one."""
    return _known(extract).get(keys_of([title])[0])


def repeated(titles: Sequence[str | None], extract: Extract) -> tuple[int, ...]:
    """The places at which the form begins anew where its titles stand more than once side by side; none where they do not.

    Two columns or more that must exist, each of them there again: one title alone may be repeated for other reasons.
    """
    must_exist = {column.name for column in extract.columns if column.must_exist}
    known = _known(extract)
    named = [known.get(key) if key else None for key in keys_of(titles)]
    if len(must_exist) < 2 or any(named.count(name) < 2 for name in must_exist):
        return ()
    first = next(name for name in named if name in must_exist)
    return tuple(place for place, name in enumerate(named) if name == first)


def incomplete(matched: Match, extract: Extract) -> Refusal | None:
    """Why a file must be refused whose titles are not this form's, or that lacks a column which must exist."""
    must_exist = [column.name for column in extract.columns if column.must_exist]
    if len(must_exist) - len(matched.missing) < len(must_exist) / 2:
        return Refusal("file.header_not_found", shown(list(matched.extra.values())[:5]))
    if matched.missing:
        alike = {name: title for title, name in likely(matched.extra.values(), matched.missing, extract).items()}
        said = (
            f"{extract.column(name).vi} (≈ {shown([alike[name]])}?)" if name in alike else extract.column(name).vi
            for name in matched.missing
        )
        return Refusal("file.missing_column", "; ".join(said))
    return None


def likely(titles: Iterable[str], columns: Iterable[str], extract: Extract) -> Mapping[str, str]:
    """Unknown titles that look like those of columns the file lacks, each with its column: suggestions, applied by nobody."""
    lacking = set(columns)
    known = {key: name for key, name in _known(extract).items() if key and name in lacking}
    found: dict[str, str] = {}
    # A hostile file may have a million titles, and one title a million letters.
    few = [title[:_LONGEST_COMPARED] for title in islice(titles, _MOST_COMPARED)]
    for title, key in zip(few, keys_of(few), strict=True):
        near = get_close_matches(key or "", [each for each in known if each], n=1, cutoff=_LIKENESS)
        if near and known[near[0]] not in found.values():
            found[title] = known[near[0]]
    return found


def with_likely(titles: Sequence[str], columns: Iterable[str], extract: Extract) -> str:
    """Unknown titles as they may be shown, each with the column it may stand for: "Aaa (≈ “Tổng số”?)"."""
    alike = likely(titles, columns, extract)
    return "; ".join(
        f"{shown([title])} (≈ “{extract.column(alike[title]).vi}”?)" if title in alike else shown([title])
        for title in titles
    )


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
