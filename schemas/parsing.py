"""From texts to typed values with reasons: one pass over a batch of rows, in Polars expressions only.

Input are the texts of a file under the contract's column names; output are values, one Boolean column per rule that can
be decided here, and one per kind of change. Whether a broken rule sets a row aside is decided in `pandera_model` and
`warehouse.judging`, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from schemas import text as vietnamese
from schemas.contract import Column, Extract, UnitByName
from schemas.legacy_text import SUSPECT, recovered
from schemas.units import resolve

PARSING_VERSION = 6
"""Raised whenever the same text would be read differently: part of every rule-set."""

POSITION = ("source_sheet", "source_row")
"""Where a row stood in its file: sheet (null outside workbooks) and row, line or record number from 1."""

CARRIED = ("delivery", *POSITION, "period_last_on")
"""What every row of a batch carries along: its delivery, its place, the last day of its period."""

_ROUGH_OR_SUSPECT = f"{vietnamese.ROUGH}|{SUSPECT}"
CHANGE = "change:"
TEXT = "text:"


def parse(texts: pl.DataFrame, extract: Extract) -> pl.DataFrame:
    """Read a batch, of one delivery or of several of the same extract.

    texts: `delivery` (a number), `source_sheet`, `source_row`, `period_last_on` and one text column per declared column
    (missing optional ones may be absent), and `change:<column>:<kind>` for what the reader already rewrote. With units by
    name, all rows are of one period.
    Returns, row for row: those four, `text:<column>` (tidied), the typed columns, the derived columns, a Boolean column
    per gate rule named by its code, and `change:<column>:<kind>` Booleans for the kinds that occur.
    """
    tidy = _tidied(texts, extract)
    values = tidy.with_columns(
        column.type.read(pl.col(TEXT + column.name)).alias(column.name) for column in extract.columns
    )
    read = values.with_columns(
        *(remark for column in extract.columns for remark in _remarks(column)), *_companions(extract)
    )
    if extract.unit_by_name:
        read = _with_unit(read, extract.unit_by_name)
    return read.with_columns(rule.hit.fill_null(value=False).alias(rule.code) for rule in extract.row_rules)


def duplicate_flags(keys: pl.DataFrame) -> pl.DataFrame:
    """Which rows repeat another of the same file.

    keys: `key` (hash of the business key, null when it cannot be read) and `content` (hash of the whole row), in file
    order. Returns `row.duplicate_row` (a copy after the first of identical rows) and `row.duplicate_key` (every row of a
    key whose rows differ), row for row.
    """
    is_repeated = pl.col("key").is_duplicated() & pl.col("key").is_not_null()
    twins = (
        keys.with_row_index("at")
        .filter(is_repeated)
        .with_columns(
            differs=pl.col("content").n_unique().over("key") > 1,
            is_later=pl.int_range(pl.len()).over("key") > 0,
        )
    )
    duplicate_row = twins.filter(pl.col("is_later") & ~pl.col("differs"))["at"]
    duplicate_key = twins.filter("differs")["at"]
    at = pl.int_range(keys.height, dtype=pl.UInt32, eager=True)
    return pl.DataFrame(
        {"row.duplicate_row": at.is_in(duplicate_row.implode()), "row.duplicate_key": at.is_in(duplicate_key.implode())}
    )


def key_hashes(parsed: pl.DataFrame, extract: Extract) -> pl.DataFrame:
    """The two hashes `duplicate_flags` needs, 16 bytes a row; valid within one process only."""
    key = [pl.col(name) for name in extract.key]
    is_whole = pl.all_horizontal(column.is_not_null() for column in key)
    # Two deliveries may well hold the same key; only within one is it a twin.
    of_delivery = pl.struct("delivery", *key)
    # Column by column, each under a seed of its own, is several times faster than hashing whole rows.
    content = [pl.col(TEXT + column.name).hash(seed=place) for place, column in enumerate(extract.columns)]
    return parsed.select(
        key=pl.when(is_whole).then(of_delivery.hash()),
        content=pl.sum_horizontal(content),
    )


def _tidied(texts: pl.DataFrame, extract: Extract) -> pl.DataFrame:
    """Texts out of old encodings, trimmed, single-spaced, without invisible characters, prose in NFC, empty ones null;
    changes beside them."""
    present = [column for column in extract.columns if column.name in texts.columns]
    # Codes and numbers are plain ASCII without a space, for which one look is enough.
    is_odd = texts.select(vietnamese.is_beyond_plain(pl.col(c.name)).any() for c in present).row(0, named=True)
    spoken = [column for column in present if is_odd[column.name]]
    # In most columns of Vietnamese prose there is nothing to tidy either: again one look before the closer ones.
    is_rough = texts.select(pl.col(c.name).str.contains(_ROUGH_OR_SUSPECT).any() for c in spoken)
    odd = [column for column in spoken if is_rough[column.name].item()]
    texts = _mended(_decoded(_mended(texts, odd, _BEFORE_DECODING), odd), odd, _MENDINGS)
    return texts.select(
        *CARRIED,
        *(pl.when(pl.col(c.name) != "").then(pl.col(c.name)).alias(TEXT + c.name) for c in present),
        *(pl.lit(None, pl.String).alias(TEXT + c.name) for c in extract.columns if c not in present),
        *(pl.col(name).fill_null(value=False) for name in texts.columns if name.startswith(CHANGE)),
    )


@dataclass(frozen=True)
class _Mending:
    """One way of tidying: the kind under which it is counted, where it has something to do, what it does, and to whom."""

    kind: str
    hit: Callable[[pl.Expr], pl.Expr]
    mend: Callable[[pl.Expr], pl.Expr]
    is_for: Callable[[Column], bool] = lambda _: True


# Letters of old fonts are told from look-alikes of ours only while both stand as they were typed.
_BEFORE_DECODING = (_Mending("look_alike", vietnamese.has_eth, vietnamese.without_eth),)
_MENDINGS = (
    _Mending("look_alike", vietnamese.has_look_alikes, vietnamese.without_look_alikes),
    _Mending("full_width", vietnamese.is_full_width, vietnamese.without_full_width),
    _Mending("nfc", vietnamese.is_decomposed, vietnamese.composed, lambda column: column.type.is_prose),
    _Mending("invisible", vietnamese.has_invisible, vietnamese.without_invisible),
    # After what is invisible, for spaces that it kept apart.
    _Mending("whitespace", vietnamese.is_untidy, vietnamese.single_spaced),
    _Mending(
        "text_mark", vietnamese.has_text_mark, vietnamese.without_text_mark, lambda column: not column.type.is_prose
    ),
)


def _mended(texts: pl.DataFrame, odd: Iterable[Column], mendings: tuple[_Mending, ...]) -> pl.DataFrame:
    """Texts tidied in every way that finds something to do, each counted as a change."""
    for column in odd:
        for mending in mendings:
            if not mending.is_for(column):
                continue
            hits = texts.select(mending.hit(pl.col(column.name)).fill_null(value=False)).to_series()
            if hits.any():
                texts = texts.with_columns(mending.mend(pl.col(column.name)), _noted(texts, column, mending.kind, hits))
    return texts


def _decoded(texts: pl.DataFrame, odd: Iterable[Column]) -> pl.DataFrame:
    """Texts of old fonts and code pages in Unicode, cell by cell, each encoding found noted as a change."""
    for column in odd:
        letters, encodings = recovered(texts[column.name])
        found = encodings.drop_nulls().unique().sort()
        changes = [_noted(texts, column, kind, (encodings == kind).fill_null(value=False)) for kind in found]
        texts = texts.with_columns(letters, *changes)
    return texts


def _noted(texts: pl.DataFrame, column: Column, kind: str, hits: pl.Series) -> pl.Series:
    """The changes of a kind in a column, with those that were noted before."""
    name = f"{CHANGE}{column.name}:{kind}"
    noted = texts[name].fill_null(value=False) | hits if name in texts.columns else hits
    return noted.alias(name)


def _remarks(column: Column) -> list[pl.Expr]:
    """The flags of a column, its changes, and whether it is missing or could not be read."""
    text, value = pl.col(TEXT + column.name), pl.col(column.name)
    flags = column.type.flags(text, value)
    remarks: list[pl.Expr] = []
    for flag in flags:
        hit = flag.hit.fill_null(value=False)
        remarks.append(hit.alias(f"{column.name}.{flag.kind}"))
        if flag.is_change:
            remarks.append(hit.alias(f"{CHANGE}{column.name}:{flag.kind}"))
    for kind, hit in column.type.changes(text).items():
        remarks.append(hit.fill_null(value=False).alias(f"{CHANGE}{column.name}:{kind}"))
    if column.type.can_be_unreadable:
        unexplained = [flag.hit.fill_null(value=False).not_() for flag in flags if not flag.is_change]
        failed = pl.all_horizontal(text.is_not_null(), value.is_null(), *unexplained)
        remarks.append(failed.alias(f"{column.name}.{column.type.unreadable_kind}"))
    if column.required:
        remarks.append(text.is_null().alias(f"{column.name}.required"))
    return remarks


def _companions(extract: Extract) -> Iterator[pl.Expr]:
    """The derived columns that the type of another column fills."""
    for derived in extract.derived:
        if derived.beside:
            said = extract.column(derived.beside).type.companion(pl.col(TEXT + derived.beside), pl.col(derived.beside))
            assert said is not None, f"{derived.beside} has nothing to say about itself"
            yield said.alias(derived.name)


def _with_unit(read: pl.DataFrame, by: UnitByName) -> pl.DataFrame:
    (period_last_on,) = read["period_last_on"].unique()
    resolved = resolve(read, by.name, by.district, period_last_on, accepts_variants=by.accepts_variants)
    is_named = pl.col(by.name).is_not_null()
    if by.accepts_variants:
        resolved = resolved.with_columns(pl.col("by_variant").alias(f"{CHANGE}{by.name}:unit_name"))
    return resolved.with_columns(
        (is_named & (pl.col("matches") == 0)).alias(f"{by.name}.unknown"),
        (is_named & (pl.col("matches") > 1)).alias(f"{by.name}.ambiguous"),
    ).select(pl.exclude("matches", "by_variant"))
