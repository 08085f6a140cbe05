"""From texts to typed values with reasons: one pass over a batch of rows, in Polars expressions only.

Input are the texts of a file under the contract's column names; output are values, one Boolean column per rule that can
be decided here, and one per kind of change. Whether a broken rule sets a row aside is decided in `pandera_model` and
`warehouse.judging`, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from schemas import text as vietnamese
from schemas.contract import Column, Extract, UnitByName
from schemas.legacy_text import SUSPECT, recovered
from schemas.units import resolve

PARSING_VERSION = 7
"""Raised whenever the same text would be read differently: part of every rule-set."""

POSITION = ("source_sheet", "source_row")
"""Where a row stood in its file: sheet (null outside workbooks) and row, line or record number from 1."""

CARRIED = ("delivery", *POSITION, "period_last_on")
"""What every row of a batch carries along: its delivery, its place, the last day of its period."""

_ROUGH_OR_SUSPECT = f"{vietnamese.ROUGH}|{SUSPECT}"
# Below so many rows, or with more different texts in a sample of them, each text is read where it stands.
_FEWEST_ROWS = 4096
_SAMPLED_ROWS = 1000
_MOST_DIFFERENT = 0.75
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
    read = _read(texts, extract)
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


def flagged(batches: Iterable[pl.DataFrame], flags: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Every parsed batch beside its rows of what `duplicate_flags` gave for all of them."""
    at = 0
    for batch in batches:
        yield batch.hstack(flags.slice(at, batch.height))
        at += batch.height


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


def _read(texts: pl.DataFrame, extract: Extract) -> pl.DataFrame:
    """What the cells of a batch say, column by column, beside where they stand; rules over several columns are none of it."""
    absent = [column.name for column in extract.columns if column.name not in texts.columns]
    texts = texts.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    repeated = {column.name: few for column in extract.columns if (few := _few(texts[column.name]))}
    others = [column for column in extract.columns if column.name not in repeated]
    places, alone = _in_one_piece(texts, CARRIED), _in_one_piece(texts, [column.name for column in others])
    said = _said(alone, others, extract) if others else {}
    if repeated:
        # Shorter lists of texts are filled up with nulls; in one piece each, for they are looked up in for every row.
        once = pl.concat([few.texts.to_frame() for few in repeated.values()], how="horizontal_extend").rechunk()
        of_each = _said(once, [extract.column(name) for name in repeated], extract)
        said |= {name: _spread(of_each[name], few.at) for name, few in repeated.items()}
    rows = pl.concat([places, *(said[column.name] for column in extract.columns)], how="horizontal")
    by_reader = [pl.col(name).fill_null(value=False) for name in texts.columns if name.startswith(CHANGE)]
    if not by_reader:
        return rows
    changes = texts.select(by_reader)
    return rows.with_columns(rows[c.name] | c if c.name in rows.columns else c for c in changes)


def _in_one_piece(texts: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """Some columns, each in one piece: of a batch in many, Polars joins those of all columns for every question to one."""
    return pl.DataFrame([texts[name].rechunk() for name in names])


@dataclass(frozen=True)
class _Few:
    """A column of few different texts: these, null first, and for every row the place of its text among them."""

    texts: pl.Series
    at: pl.Series


def _few(texts: pl.Series) -> _Few | None:
    """The different texts of a column, or None where they are so many that reading each of them once would not pay."""
    if texts.len() < _FEWEST_ROWS:
        return None
    sample = texts.gather_every(texts.len() // _SAMPLED_ROWS)
    if sample.n_unique() > _MOST_DIFFERENT * sample.len():
        return None
    # Nothing numbers texts faster than a category does. Categories of a random name are forgotten with their column.
    number = texts.cast(pl.Categorical(pl.Categories.random())).to_physical()
    at = (number + 1).fill_null(0)
    first = at.arg_unique()
    places = at.gather(first)
    nothing = pl.Series(texts.name, [None], dtype=pl.String).new_from_index(0, places.sort()[-1] + 1)
    return _Few(nothing.scatter(places, texts.gather(first)), at)


def _spread(read: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
    """What few texts say, row for row of those they stand in."""
    down = [c.name for c in read if c.dtype == pl.Boolean and not c.null_count() and not c.any()]
    return read.drop(down)[at].with_columns(pl.lit(value=False).alias(name) for name in down)


def _said(texts: pl.DataFrame, columns: Sequence[Column], extract: Extract) -> dict[str, pl.DataFrame]:
    """What the texts of each column say, every one by itself: the tidy text, its value, remarks, changes, and what the
    column beside it says."""
    tidy = _tidied(texts, columns)
    values = tidy.with_columns(column.type.read(pl.col(TEXT + column.name)).alias(column.name) for column in columns)
    remarks = {column.name: [*_remarks(column), *_companions(column, extract)] for column in columns}
    read = values.with_columns(remark for of_column in remarks.values() for remark in of_column)
    return {
        name: read.select(
            TEXT + name,
            name,
            *(change for change in tidy.columns if change.startswith(f"{CHANGE}{name}:")),
            *(remark.meta.output_name() for remark in of_column),
        )
        for name, of_column in remarks.items()
    }


def _tidied(texts: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Texts out of old encodings, trimmed, single-spaced, without invisible characters, prose in NFC, empty ones null;
    changes beside them."""
    odd = list(_odd_cells(texts, columns))
    # Every cell is tidied by itself, so the clean ones around it need not be touched.
    noted = [*_mended(odd, _BEFORE_DECODING), *_decoded(odd), *_mended(odd, _MENDINGS)]
    mended = texts.with_columns(texts[cells.column.name].scatter(cells.at, cells.texts) for cells in odd)
    changes: dict[str, pl.Series] = {}
    for change, at in noted:
        hits = changes.get(change, pl.repeat(value=False, n=texts.height, eager=True).alias(change))
        changes[change] = hits.scatter(at, values=True)
    return mended.select(
        *(pl.when(pl.col(c.name) != "").then(pl.col(c.name)).alias(TEXT + c.name) for c in columns),
        *changes.values(),
    )


@dataclass
class _Cells:
    """Cells of a column that may need tidying: the rows in which they stand, and their texts as far as they are tidied."""

    column: Column
    at: pl.Series
    texts: pl.Series


def _odd_cells(texts: pl.DataFrame, columns: Sequence[Column]) -> Iterator[_Cells]:
    """The cells in which there may be something to tidy, of those columns that have any."""
    # Codes and numbers are plain ASCII without a space, for which one look is enough.
    is_odd = texts.select(vietnamese.is_beyond_plain(pl.col(c.name)).any() for c in columns).row(0, named=True)
    spoken = [column for column in columns if is_odd[column.name]]
    # In most cells of Vietnamese prose there is nothing to tidy either: again one look before the closer ones.
    is_rough = texts.select(pl.col(c.name).str.contains(_ROUGH_OR_SUSPECT) for c in spoken)
    for column in spoken:
        at = is_rough[column.name].fill_null(value=False).arg_true()
        if not at.is_empty():
            yield _Cells(column, at, texts[column.name].gather(at))


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


def _mended(odd: Iterable[_Cells], mendings: Sequence[_Mending]) -> Iterator[tuple[str, pl.Series]]:
    """Tidy the cells in every way that finds something to do; gives the name of each change and the rows it was made in."""
    for cells in odd:
        for mending in mendings:
            if not mending.is_for(cells.column):
                continue
            text = pl.col("text")
            frame = cells.texts.alias("text").to_frame()
            hits = frame.select(mending.hit(text).fill_null(value=False)).to_series()
            if hits.any():
                cells.texts = frame.select(mending.mend(text)).to_series()
                yield _change(cells.column, mending.kind), cells.at.filter(hits)


def _decoded(odd: Iterable[_Cells]) -> Iterator[tuple[str, pl.Series]]:
    """Bring texts of old fonts and code pages into Unicode, cell by cell; gives each encoding found and the rows it was in."""
    for cells in odd:
        cells.texts, encodings = recovered(cells.texts)
        for kind in encodings.drop_nulls().unique().sort():
            yield _change(cells.column, kind), cells.at.filter(encodings == kind)


def _change(column: Column, kind: str) -> str:
    return f"{CHANGE}{column.name}:{kind}"


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


def _companions(column: Column, extract: Extract) -> Iterator[pl.Expr]:
    """The derived columns that the type of a column fills."""
    for derived in extract.derived:
        if derived.beside == column.name:
            said = column.type.companion(pl.col(TEXT + column.name), pl.col(column.name))
            assert said is not None, f"{column.name} has nothing to say about itself"
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
