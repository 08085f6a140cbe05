"""What every reader gives back: batches of texts under the contract's names, and an account of everything else it saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

T = TypeVar("T")

EXTRA = "extra:"
"""Prefix of the columns that hold what the contract does not know."""


class Refusal(Exception):
    """The file as a whole cannot be taken. `found` is safe to show: no value of any row is ever in it.

    `rows` and `set_aside` count what is in the file, where it could be read at all.
    """

    def __init__(self, code: str, found: str, rows: int | None = None, set_aside: int = 0) -> None:
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = found
        self.rows = rows
        self.set_aside = set_aside

    def counting(self, rows: int, set_aside: int = 0) -> Refusal:
        """The same refusal of a file whose rows could be counted."""
        return Refusal(self.code, self.found, rows, set_aside)


@dataclass(frozen=True)
class Broken:
    """A line that is not a row: where it stood, why, and in which column if that can be told.

    `further` are other faults of the same line, as column and reason. `cells` are the texts by column name that can still
    be told apart, `absent` the columns after the first missing one. `rule_code` is the rule it breaks.
    """

    row: int
    reason: str
    column: str | None = None
    further: tuple[tuple[str | None, str], ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict, repr=False)
    absent: tuple[str, ...] = ()
    sheet: str | None = None
    rule_code: str = "file.structural"

    @property
    def faults(self) -> tuple[tuple[str | None, str], ...]:
        """Everything wrong with the line, as column and reason."""
        return (self.column, self.reason), *self.further


@dataclass(frozen=True)
class Total:
    """A total row: where it stood and the texts of its cells by column name. `sheet` is null outside workbooks.

    spans: the rows it may be the total of, first and last, the likeliest first: the whole table or a part of it.
    """

    sheet: str | None
    row: int
    cells: dict[str, str]
    spans: tuple[tuple[int, int], ...]


@dataclass
class Reading:
    """A file being read. `set_aside`, `broken` and `totals` are complete once `batches` is exhausted.

    batches: `source_sheet`, `source_row`, a text column per declared column found, `extra:<title>` for the others, and a
    Boolean `change:<column>:<kind>` for each kind of rewriting the reader did in declared columns.
    found_as: how the file was understood (format, encoding, delimiter, sheet), for the receipt.
    """

    batches: Iterator[pl.DataFrame]
    extra_titles: tuple[str, ...] = ()
    found_as: dict[str, str] = field(default_factory=dict)
    set_aside: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, each made in a thread of its own while the one before it is worked on."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item
