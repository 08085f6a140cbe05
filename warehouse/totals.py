"""Whether the total rows of a file equal the rows they are the total of.

What is a total row, and of which rows, is the reader's business; which columns are summed, the contract's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

import polars as pl

from schemas.column_types import LARGEST_COUNT, ColumnType
from warehouse.readers.reading import Broken, Total

_TWIN = "row.duplicate_key"
_COPY = "row.duplicate_row"


@dataclass(frozen=True)
class _Sums:
    """The rows of a sheet in order, and for each summed column the sum, and the number of rows in doubt, up to each row."""

    rows: list[int]
    sums: dict[str, list[Decimal]]
    doubts: dict[str, list[int]]

    def between(self, name: str, first: int, last: int) -> Decimal | None:
        """The sum of a column over rows `first` to `last`; None where one of them is in doubt or there is none."""
        begin, end = bisect_left(self.rows, first), bisect_right(self.rows, last)
        if begin == end or self.doubts[name][begin] != self.doubts[name][end]:
            return None
        return self.sums[name][end] - self.sums[name][begin]


class SummedRows:
    """The rows of one delivery as far as totals are concerned, kept until all are known."""

    def __init__(self, summed: Mapping[str, ColumnType]) -> None:
        self._summed = summed
        self._frames: list[pl.DataFrame] = []

    def add(self, parsed: pl.DataFrame) -> None:
        """Take in rows: position, summed columns, flags of duplicates."""
        self._frames.append(parsed.select("source_sheet", "source_row", *self._summed, _TWIN, _COPY))

    def mismatches(self, totals: Sequence[Total], broken: Sequence[Broken]) -> list[tuple[Total, str]]:
        """Totals that equal none of the parts they may be of, with the first sum that differs, "column: typed ≠ sum".

        In doubt (a value unreadable or empty, twins that differ, a broken row) a total is not held against its rows.
        """
        if not totals or not self._frames:
            return []
        rows = pl.concat(self._frames)
        found: list[tuple[Total, str]] = []
        for (sheet,), own in rows.group_by("source_sheet", maintain_order=True):
            sums = self._sums(own, [one.row for one in broken if one.sheet == sheet])
            found.extend(
                (total, said) for total in totals if total.sheet == sheet and (said := self._mismatch(total, sums))
            )
        return found

    def _sums(self, rows: pl.DataFrame, broken: Sequence[int]) -> _Sums:
        lost = pl.DataFrame({"source_row": pl.Series(broken, dtype=pl.Int64)}).with_columns(is_lost=pl.lit(value=True))
        rows = pl.concat([rows, lost], how="diagonal").sort("source_row")
        is_doubtful = pl.col(_TWIN).fill_null(value=False) | pl.col("is_lost").fill_null(value=False)
        is_copy = pl.col(_COPY).fill_null(value=False)
        sums, doubts = {}, {}
        for name in self._summed:
            counted = rows.select(
                value=pl.when(~is_copy).then(name).fill_null(0),
                doubt=is_doubtful | (pl.col(name).is_null() & ~is_copy),
            )
            sums[name] = [Decimal(), *accumulate(map(Decimal, counted["value"]))]
            doubts[name] = [0, *accumulate(counted["doubt"].cast(pl.Int64))]
        return _Sums(rows["source_row"].to_list(), sums, doubts)

    def _mismatch(self, total: Total, sums: _Sums) -> str | None:
        """What differs from the likeliest part; None when all agrees with some part, or when nothing can be said."""
        differing = [self._differing(total, sums, first, last) for first, last in total.spans]
        known = [said for said in differing if said is not None]
        return known[0] if known and "" not in known else None

    def _differing(self, total: Total, sums: _Sums, first: int, last: int) -> str | None:
        """The first difference from one part, "" when there is none, None when the part says nothing."""
        compared = ""
        is_known = False
        for name in self._summed:
            expected = sums.between(name, first, last)
            if (text := total.cells.get(name)) is None or expected is None:
                continue
            is_known = True
            typed = pl.select(self._summed[name].read(pl.lit(text)).alias("typed"))["typed"].item()
            if typed != expected and not compared:
                is_plausible = typed is not None and abs(typed) <= LARGEST_COUNT
                compared = f"{name}: {typed if is_plausible else '?'} ≠ {expected}"
        return compared if is_known else None
