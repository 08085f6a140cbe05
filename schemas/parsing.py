"""From texts to typed values with reasons: one pass over a batch of rows, in Polars expressions only.

Input are the texts of a file under the contract's column names; output are values, one Boolean column per rule that can
be decided here, and one per kind of change. Whether a broken rule sets a row aside is decided in `pandera_model` and
`warehouse.judging`, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

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
    texts = _decoded(texts, odd)
    untidy = texts.select(
        *(vietnamese.is_untidy(pl.col(c.name)).any().alias(f"{c.name}:whitespace") for c in odd),
        *(vietnamese.has_invisible(pl.col(c.name)).any().alias(f"{c.name}:invisible") for c in odd),
        *(vietnamese.is_decomposed(pl.col(c.name)).any().alias(f"{c.name}:nfc") for c in odd if c.type.is_prose),
    )
    occurring = {name for name in untidy.columns if untidy[name].item()}
    return texts.select(
        *CARRIED,
        *(_tidy_text(column, occurring) for column in present),
        *(pl.lit(None, pl.String).alias(TEXT + c.name) for c in extract.columns if c not in present),
        *_tidy_changes(present, occurring),
        *(pl.col(name).fill_null(value=False) for name in texts.columns if name.startswith(CHANGE)),
    )


def _decoded(texts: pl.DataFrame, odd: Iterable[Column]) -> pl.DataFrame:
    """Texts of old fonts and code pages in Unicode, cell by cell, each encoding found noted as a change."""
    for column in odd:
        letters, encodings = recovered(texts[column.name])
        found = encodings.drop_nulls().unique().sort()
        noted = {name: texts[name] for kind in found if (name := f"{CHANGE}{column.name}:{kind}") in texts.columns}
        changes = [(encodings == kind).fill_null(value=False).alias(f"{CHANGE}{column.name}:{kind}") for kind in found]
        texts = texts.with_columns(
            letters, *(hit | noted[hit.name].fill_null(value=False) if hit.name in noted else hit for hit in changes)
        )
    return texts


def _tidy_text(column: Column, occurring: set[str]) -> pl.Expr:
    text = pl.col(column.name)
    if f"{column.name}:nfc" in occurring:
        text = vietnamese.composed(text)
    if f"{column.name}:invisible" in occurring:
        text = vietnamese.without_invisible(text)
    if f"{column.name}:whitespace" in occurring:
        text = vietnamese.single_spaced(text)
    return pl.when(text != "").then(text).alias(TEXT + column.name)


def _tidy_changes(present: Iterable[Column], occurring: set[str]) -> list[pl.Expr]:
    hits: dict[str, Callable[[pl.Expr], pl.Expr]] = {
        "whitespace": vietnamese.is_untidy,
        "invisible": vietnamese.has_invisible,
        "nfc": vietnamese.is_decomposed,
    }
    return [
        hit(pl.col(column.name)).fill_null(value=False).alias(f"{CHANGE}{column.name}:{kind}")
        for column in present
        for kind, hit in hits.items()
        if f"{column.name}:{kind}" in occurring
    ]


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
