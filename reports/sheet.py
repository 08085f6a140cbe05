"""A table of a page that can be sorted and taken away: shown in both languages, with its CSV file and its SQL.

What belongs here: the columns, rows and CSV of such a table. What does not: which table a page shows, or how it looks
(`templates/sheet.html.j2`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import duckdb
from upath import UPath

from reports import published, wording
from reports.published import Row
from reports.wording import Bilingual
from warehouse.storage import put_bytes

# Excel takes a CSV file for UTF-8 only when it begins with this mark.
_UTF8_MARK: Final = "\ufeff"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A column: the names of its values in a row, its title, and how values become words.

    With two names the first is the Vietnamese text and the second the English one. Where `has_code` is set, the value is a
    code that is shown small beside its words. A value that `is_whole` is not broken at the end of a line.
    """

    names: tuple[str, ...]
    title: Bilingual
    show: Callable[..., Bilingual]
    is_number: bool = False
    link: Callable[[Row], str] | None = None
    has_code: bool = False
    is_whole: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell: what is shown, what it is sorted by, where it leads, and the code it stands for where that is shown too."""

    shown: Bilingual
    rank: str
    is_number: bool
    link: str
    code: str = ""
    is_whole: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table: `name` is its anchor and the name of its CSV file, which holds all rows where a page shows `most_shown`."""

    name: str
    caption: Bilingual
    columns: Sequence[Column]
    rows: Sequence[Row]
    sql: str
    most_shown: int | None = None

    @property
    def cells(self) -> list[list[Cell]]:
        """The rows as they are shown."""
        return [[_cell(column, row) for column in self.columns] for row in self.rows[: self.most_shown]]

    @property
    def csv_file(self) -> tuple[str, bytes]:
        """`<name>.csv` and its content: everything the query gave, unrounded; of an empty table its heading."""
        shown = list(dict.fromkeys(name for column in self.columns for name in column.names))
        return f"{self.name}.csv", csv_bytes(list(self.rows[0]) if self.rows else shown, self.rows)

    def shortened(self, most_shown: int) -> Sheet:
        """The same table of which a page shows the first rows only, if it has more; then its caption says so."""
        if len(self.rows) <= most_shown:
            return self
        whole = wording.count(len(self.rows))
        caption = Bilingual(
            f"{self.caption.vi}; {most_shown} dòng đầu trong {whole.vi}, đủ trong tệp CSV",
            f"{self.caption.en}; the first {most_shown} of {whole.en} rows, all of them in the CSV file",
        )
        return replace(self, caption=caption, most_shown=most_shown)

    def write_csv(self, folder: UPath) -> UPath:
        """Write its CSV file into a folder."""
        name, content = self.csv_file
        put_bytes(folder / name, content)
        return folder / name


def csv_bytes(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Rows as the CSV file that Excel opens rightly: UTF-8 with a mark, no cell that begins like a formula."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names, lineterminator="\r\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return (_UTF8_MARK + buffer.getvalue()).encode()


def asked(
    con: duckdb.DuckDBPyConnection,
    name: str,
    query: str,
    caption: Bilingual,
    columns: Sequence[Column],
    *,
    opening: str = "",
) -> Sheet:
    """The sheet of a named query in `reports/sql`; `opening` is what a person must run before its SQL, if anything."""
    return Sheet(name, caption, columns, published.rows(con, query), opening + published.readable(query, {}))


def text(name: str, vi: str, en: str, *, link: Callable[[Row], str] | None = None) -> Column:
    """A column of codes or names that are the same in both languages."""

    def said(value: Any) -> Bilingual:
        return Bilingual(str(value), str(value)) if value else wording.NOTHING

    return Column((name,), Bilingual(vi, en), said, link=link)


def texts(stem: str, vi: str, en: str) -> Column:
    """A column of texts held as `<stem>_vi` and `<stem>_en`."""
    return Column(
        (f"{stem}_vi", f"{stem}_en"), Bilingual(vi, en), lambda a, b: Bilingual(a, b) if a else wording.NOTHING
    )


def period(name: str, vi: str, en: str) -> Column:
    """A column of periods, by their codes."""
    return replace(text(name, vi, en), is_whole=True)


def number(name: str, vi: str, en: str) -> Column:
    """A column of whole numbers."""
    return Column((name,), Bilingual(vi, en), wording.count, is_number=True)


def day(name: str, vi: str, en: str) -> Column:
    """A column of dates."""
    return Column((name,), Bilingual(vi, en), wording.day, is_whole=True)


def moment(name: str, vi: str, en: str) -> Column:
    """A column of moments, to the minute."""
    return Column((name,), Bilingual(vi, en), wording.moment, is_whole=True)


def coded(name: str, vi: str, en: str, words: Mapping[str, Bilingual]) -> Column:
    """A column of codes that have words in both languages."""
    return Column((name,), Bilingual(vi, en), lambda code: wording.word(words, code) if code else wording.NOTHING)


def named(name: str, vi: str, en: str, names: Mapping[str, Bilingual]) -> Column:
    """A column of codes shown and sorted by what they are called, each with its code in small."""
    return replace(coded(name, vi, en, names), has_code=True)


def _cell(column: Column, row: Row) -> Cell:
    values = [row[name] for name in column.names]
    link = column.link(row) if column.link else ""
    shown = column.show(*values)
    if column.has_code:
        return Cell(shown, shown.vi, column.is_number, link, values[0] if values[0] != shown.vi else "")
    return Cell(shown, _rank(values[0]), column.is_number, link, is_whole=column.is_whole)


def _rank(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _harmless(value: Any) -> Any:
    """A text as a spreadsheet takes it for a text: one that begins like a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value.isoformat() if isinstance(value, date | datetime) else value
