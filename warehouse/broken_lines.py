"""What is found in lines that are no rows: the faults of their shape, and of the values that can still be told apart.

Such a line is never a row, whatever its values are; they are looked at so that a supplier learns of everything at once.
How lines are broken is told by the readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from schemas.contract import Extract, Personal
from schemas.pandera_model import failures
from schemas.parsing import TEXT, parse
from schemas.periods import span
from schemas.rules import REASONS
from schemas.text import shape
from warehouse.readers.reading import Broken

STRUCTURAL = "file.structural"
_NEVER = ("row.duplicate_row", "row.duplicate_key")
_MOST_VALUES = 3


def findings(
    broken: Sequence[Broken], extract: Extract, period: str
) -> Iterator[tuple[str | None, int, str | None, str, str | None]]:
    """Sheet, row, column, rule and what was found, line by line.

    Of columns that are missing at the end the first is told. Where a value of the line cannot be read either, every one is:
    what was lost may then have stood in the middle. Where more than a few values cannot be read the line has shifted, and
    they are one fault with its shape.
    """
    values = _of_values([line for line in broken if line.cells], extract, period)
    for line in broken:
        yield from ((line.sheet, line.row, column, line.rule_code, _said(reason)) for column, reason in line.faults)
        found = values.get(line.row, [])
        if 0 < len(found) <= _MOST_VALUES:
            yield from ((line.sheet, line.row, column, STRUCTURAL, _said("missing column")) for column in line.absent)
            yield from ((line.sheet, line.row, column, code, text) for column, code, text in found)


def _said(reason: str) -> str:
    """A reason in both languages, as it fills the message of the rule in either."""
    wording = REASONS.get(reason)
    return f"{wording.vi} ({wording.en})" if wording else reason


def shown(extract: Extract, name: str) -> pl.Expr:
    """What may be shown of a column's text to anyone: the text if it looks like its own kind, else its outline."""
    if name in {derived.name for derived in extract.derived}:
        # Worked out from a packaged list: never anything that a person wrote.
        return pl.col(name).cast(pl.String)
    column, text = extract.column(name), pl.col(TEXT + name)
    pattern = column.type.safe_pattern
    if column.personal is not Personal.NONE or pattern is None:
        return shape(text)
    return pl.when(text.str.contains(pattern)).then(text).otherwise(shape(text))


def _of_values(broken: Sequence[Broken], extract: Extract, period: str) -> dict[int, list[tuple[str, str, str | None]]]:
    """By row, the values that break a rule of their own column."""
    if not broken:
        return {}
    texts = pl.DataFrame(
        {
            "delivery": pl.Series([0] * len(broken), dtype=pl.UInt32),
            "source_sheet": pl.Series([None] * len(broken), dtype=pl.String),
            "source_row": [line.row for line in broken],
            **{
                column.name: pl.Series([line.cells.get(column.name) for line in broken], dtype=pl.String)
                for column in extract.columns
            },
        }
    ).with_columns(period_last_on=pl.lit(span(period).last_on))
    parsed = parse(texts, extract).with_columns(pl.lit(value=False).alias(code) for code in _NEVER)
    found: dict[int, list[tuple[str, str, str | None]]] = {}
    for (code,), failed in failures(extract, parsed).group_by("rule_code", maintain_order=True):
        column = extract.rule_by_code[str(code)].column
        # Rules over several columns, and the need of a value, say nothing about what is not there.
        if column is None or not str(code).startswith(f"{column}."):
            continue
        outlines = parsed[failed["at"]].select(shown(extract, column).alias("found"))["found"]
        for at, text in zip(failed["at"], outlines, strict=True):
            if column in broken[at].cells and str(code) != f"{column}.required":
                found.setdefault(broken[at].row, []).append((column, str(code), text))
    return found
