"""What the columns of a delivery look like, in numbers: how many rows have a value, how many values differ, least and most.

What belongs here: counting while rows pass by, the same whatever is judged along with them. What counts as unusual is
decided in the release (`quality.column_drift`). Of columns about persons only the number of filled rows is kept, and no
number of more than eight digits: in a shifted column it may be somebody's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import polars as pl

from schemas.column_types import LARGEST_COUNT
from schemas.contract import Column, Extract, Personal

SAMPLED_ROWS: Final = 500
"""About so many rows, evenly spread over the file, are looked at for medians and distinct values."""
Figures: TypeAlias = Mapping[str, float | int | None]


@dataclass
class Profile:
    """The columns of one delivery of `rows` rows, seen batch by batch in the order of the file.

    Columns are asked one by one: for so little work a query would cost more than its answer.
    """

    extract: Extract
    rows: int
    _seen: int = 0
    _filled: Counter[str] = field(default_factory=Counter)
    _least: dict[str, float] = field(default_factory=dict)
    _most: dict[str, float] = field(default_factory=dict)
    _sample: dict[str, pl.Series] = field(default_factory=dict)

    def add(self, parsed: pl.DataFrame) -> None:
        """Take in the next rows, typed columns under the contract's names."""
        stride = max(1, self.rows // SAMPLED_ROWS)
        ahead = -self._seen % stride
        self._seen += parsed.height
        for column in self.extract.columns:
            values = parsed.get_column(column.name)
            self._filled[column.name] += values.len() - values.null_count()
            if column.personal is Personal.NONE:
                sample = values.gather_every(stride, ahead)
                known = self._sample.get(column.name)
                self._sample[column.name] = sample if known is None else known.append(sample)
                if column.type.dtype.is_numeric():
                    self._stretch(column.name, values)

    def _stretch(self, name: str, values: pl.Series) -> None:
        least, most = values.min(), values.max()
        if least is not None and most is not None:
            self._least[name] = min(_number(least), self._least.get(name, _number(least)))
            self._most[name] = max(_number(most), self._most.get(name, _number(most)))

    def figures(self) -> dict[str, Figures]:
        """By column: `filled` rows; for columns not about persons `distinct` values in the sample; for numbers their
        `least`, `median` (of the sample) and `most`."""
        return {column.name: self._figures(column) for column in self.extract.columns}

    def _figures(self, column: Column) -> Figures:
        sample = self._sample.get(column.name)
        middle = sample.cast(pl.Float64).median() if sample is not None and column.name in self._least else None
        return {
            "filled": self._filled[column.name],
            "distinct": None if sample is None else sample.n_unique() - bool(sample.null_count()),
            "least": _shown(self._least.get(column.name)),
            "median": _shown(None if middle is None else _number(middle)),
            "most": _shown(self._most.get(column.name)),
        }


def _shown(value: float | None) -> float | None:
    """A number that cannot be somebody's: one of more digits is a card or telephone number in the wrong place."""
    return None if value is None or abs(value) > LARGEST_COUNT else value


def _number(value: object) -> float:
    return float(value)  # type: ignore[arg-type]  # the extreme of numbers is one
