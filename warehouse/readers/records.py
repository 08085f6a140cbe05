"""Records found in trees (JSON, XML): which of several lists is this form's, and its records as frames of text.

How a format is taken apart belongs to its reader; a record arrives here flat, each field under its dotted path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from schemas.contract import Extract, Records
from warehouse import headers
from warehouse.readers.limits import MOST_LISTS, check_columns
from warehouse.readers.reading import EXTRA, Reading, Refusal

Place: TypeAlias = tuple[str, ...]
"""Where a list stands in a tree: the names on the way to it."""
Flat: TypeAlias = Mapping[str, str | None]
Numbered: TypeAlias = tuple[int, Flat, int]
"""A record's position, its fields and the size of its text."""

_MOST_CELLS_IN_A_BATCH = 4_000_000
_MOST_CHARACTERS_IN_A_BATCH = 16 << 20


@dataclass(frozen=True)
class Found:
    """The list that holds the records: where it stands, the fields of its records and what they mean."""

    place: Place
    fields: tuple[str, ...]
    matched: headers.Match

    @property
    def names(self) -> dict[str, str]:
        """Each field that is read, and the column it goes to."""
        known = {self.fields[at]: name for at, name in self.matched.columns.items()}
        return known | {title: EXTRA + title for title in self.matched.extra.values()}

    def reading(self, found_as: Mapping[str, str]) -> Reading:
        """A reading of these records, without any batch yet."""
        where = {"records_at": self.shown_place} if self.place else {}
        header = {"header": self.matched.fingerprint}
        return Reading(
            iter(()), extra_titles=tuple(self.matched.extra.values()), found_as={**found_as, **where, **header}
        )

    @property
    def shown_place(self) -> str:
        """Where the list stands, as it may be shown."""
        # A name may hold half a letter, which no receipt can.
        return ".".join(headers.shown([name.encode("utf-8", "replace").decode()]) for name in self.place)


def chosen(candidates: Mapping[Place, Sequence[str]], extract: Extract, kind: str) -> Found:
    """The list the contract names, if it is there, else the one whose fields match most of its columns.

    candidates: the fields of the records of each list. Raises Refusal `file.ambiguous_records` when several lists are
    whole, because choosing one would lose the others, and `file.empty` when there is none.
    """
    declared = extract.layout.records_at if isinstance(extract.layout, Records) else None
    named = {place: fields for place, fields in candidates.items() if ".".join(place) == declared}
    if len(candidates) > MOST_LISTS:
        raise Refusal("file.unsafe", f"{kind}, {len(candidates)} > {MOST_LISTS} danh sách / lists")
    found = []
    for place, fields in (named or candidates).items():
        check_columns(len(fields), kind)
        found.append(Found(place, tuple(fields), headers.match(list(fields), extract)))
    if not found:
        raise Refusal("file.empty", "0")
    found.sort(key=lambda each: (-len(each.matched.columns), len(each.place)))
    whole = [each for each in found if not each.matched.missing]
    if len(whole) > 1:
        raise Refusal("file.ambiguous_records", "; ".join(each.shown_place for each in whole))
    return found[0]


def frames(records: Iterable[Numbered], found: Found, batch_rows: int) -> Iterator[pl.DataFrame]:
    """The records in batches, bounded in rows, cells and letters."""
    names = found.names
    most_rows = max(1, min(batch_rows, _MOST_CELLS_IN_A_BATCH // max(1, len(names))))
    waiting: list[tuple[int, Flat]] = []
    characters = 0
    for number, record, size in records:
        waiting.append((number, record))
        characters += size
        if len(waiting) >= most_rows or characters >= _MOST_CHARACTERS_IN_A_BATCH:
            yield _frame(waiting, names)
            waiting, characters = [], 0
    if waiting:
        yield _frame(waiting, names)


def _frame(records: Sequence[tuple[int, Flat]], names: Mapping[str, str]) -> pl.DataFrame:
    numbers = pl.Series("source_row", [number for number, _ in records], dtype=pl.Int64)
    columns = [
        pl.Series(name, [record.get(field) for _, record in records], dtype=pl.String) for field, name in names.items()
    ]
    sheet = pl.Series("source_sheet", [None], dtype=pl.String).new_from_index(0, len(records))
    return pl.DataFrame([sheet, numbers, *columns])
