"""A contract as a pandera schema: the judge of a parsed batch.

Every rule becomes one check that carries the rule's code, so that a failure names its reason. What follows from a
failure belongs to `warehouse.judging`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import pandera.polars as pa
import polars as pl

from schemas.column_types import WholeNumber
from schemas.contract import Extract
from schemas.rules import Stage

_TOGETHER_BYTES = 96 << 20


@cache
def judge_of(extract: Extract, raised: frozenset[str]) -> pa.DataFrameSchema:
    """The schema of a parsed batch of this extract: typed columns with their ranges, and one check per raised flag.

    A flag is a Boolean column named by a rule code that must be false. The schema never coerces and never drops.
    """
    typed = {column.name: _typed(column.name, column.type.dtype, column.type) for column in extract.columns}
    derived = {column.name: _typed(column.name, column.dtype, None) for column in extract.derived}
    flags = {
        code: pa.Column(pl.Boolean, pa.Check.equal_to(value=False, error=code), nullable=False)
        for code in sorted(raised)
    }
    return pa.DataFrameSchema({**typed, **derived, **flags}, strict=False, coerce=False)


@cache
def flag_codes(extract: Extract) -> tuple[str, ...]:
    """The gate rules that a parsed batch carries as a Boolean column: all but ranges and rules about the file."""
    ranged = {f"{column.name}.out_of_range" for column in extract.columns}
    return tuple(
        rule.code
        for rule in extract.rules
        if rule.stage is Stage.GATE and not rule.code.startswith(("file.", "total.")) and rule.code not in ranged
    )


def _raised(extract: Extract, parsed: pl.DataFrame) -> frozenset[str]:
    """The flags that are up anywhere: one that is down in every row cannot fail, and a pandera check costs its millisecond."""
    up = parsed.select(pl.col(code).any() | pl.col(code).is_null().any() for code in flag_codes(extract)).row(
        0, named=True
    )
    return frozenset(code for code, is_up in up.items() if is_up)


def _typed(name: str, dtype: pl.DataType, column_type: object) -> pa.Column:
    checks = []
    if isinstance(column_type, WholeNumber):
        code = f"{name}.out_of_range"
        if column_type.minimum is not None:
            checks.append(pa.Check.ge(column_type.minimum, error=code))
        if column_type.maximum is not None:
            checks.append(pa.Check.le(column_type.maximum, error=code))
    return pa.Column(dtype, checks, nullable=True)


def failures(extract: Extract, parsed: pl.DataFrame) -> pl.DataFrame:
    """Judge a batch once: `at` (row of the batch, from 0) and `rule_code` of every broken rule, in file order.

    Raises TypeError when the batch does not have the shape of the contract: a fault of ours, not of the data.
    """
    empty = pl.DataFrame(schema={"at": pl.UInt32, "rule_code": pl.String})
    try:
        judge = judge_of(extract, _raised(extract, parsed))
        judge.validate(parsed.select(*judge.columns), lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases: pl.DataFrame = errors.failure_cases
        if cases["index"].null_count():
            shape = cases.filter(pl.col("index").is_null()).select("column", "check").unique()
            # Names of columns and checks only: the cases themselves hold values of people. `from None` for the same reason.
            raise TypeError(f"parsed batch of {extract.name} does not fit its contract: {shape.rows()}") from None
        return cases.select(at=pl.col("index").cast(pl.UInt32), rule_code="check").sort("at", "rule_code")
    return empty


def failures_of_each(extract: Extract, batches: Iterable[pl.DataFrame]) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Every batch with its failures, as `failures` gives them; as many batches as memory should hold are judged in one pass."""
    waiting: list[pl.DataFrame] = []
    held_bytes = 0
    for batch in batches:
        waiting.append(batch)
        held_bytes += int(batch.estimated_size())
        if held_bytes >= _TOGETHER_BYTES:
            yield from _failures_together(extract, waiting)
            waiting, held_bytes = [], 0
    if waiting:
        yield from _failures_together(extract, waiting)


def _failures_together(extract: Extract, batches: list[pl.DataFrame]) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """The batches one by one, each forgotten as it is given back."""
    names = (*judge_of(extract, frozenset()).columns, *flag_codes(extract))
    broken = failures(extract, pl.concat([batch.select(names) for batch in batches]))
    while batches:
        batch = batches.pop(0)
        is_of_batch = broken["at"] < batch.height
        yield batch, broken.filter(is_of_batch)
        broken = broken.filter(~is_of_batch).with_columns(pl.col("at") - batch.height)
