"""The data dictionary: a page and a CSV file of every table and column, from the release's own description of itself.

What belongs here: how the dictionary is laid out. What does not: what a table or column means, which the header of its
SQL file says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

import duckdb
from upath import UPath

from reports import page, published, wording
from reports.published import Row
from reports.wording import Bilingual
from warehouse.storage import Home, put_bytes

_CSV_COLUMNS: Final = ("table_name", "column_name", "data_type", "title_vi", "title_en", "grain", "purpose")
_SEPARATOR: Final = " — "
_TITLE: Final = Bilingual("Từ điển dữ liệu", "Data dictionary")
# Excel takes a CSV file for UTF-8 only when it begins with this mark.
_UTF8_MARK: Final = "\ufeff"


@dataclass(frozen=True)
class Table:
    """A published table as the dictionary shows it."""

    name: str
    kind: str
    purpose: Bilingual
    grain: Bilingual
    rows: Bilingual
    columns: Sequence[Row]

    @property
    def anchor(self) -> str:
        """The id of its section in the page."""
        return self.name.replace(".", "-")


def write(home: Home) -> list[UPath]:
    """Write `site/dictionary.html` and `site/dictionary.csv` from the current release's analyst edition.

    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        note = published.release_note(con)
        tables = _tables(con)
    html = page.render("dictionary.html.j2", title=_TITLE, release=note, tables=tables)
    as_csv = home.site / "dictionary.csv"
    put_bytes(as_csv, (_UTF8_MARK + _to_csv(tables)).encode())
    return [page.write(home.site / "dictionary.html", html), as_csv]


def _tables(con: duckdb.DuckDBPyConnection) -> list[Table]:
    by_table = {
        name: list(columns) for name, columns in groupby(published.rows(con, "columns"), key=itemgetter("table_name"))
    }
    return [
        Table(
            name=row["table_name"],
            kind=row["kind"],
            purpose=_split(row["purpose"]),
            grain=_split(row["grain"]),
            rows=wording.count(row["rows"]),
            columns=by_table.get(row["table_name"], []),
        )
        for row in published.rows(con, "tables")
    ]


def _split(text: str) -> Bilingual:
    """A note kept as "tiếng Việt — English" in its two languages; one without English serves both."""
    vietnamese, _, english = text.partition(_SEPARATOR)
    return Bilingual(vietnamese, english or vietnamese)


def _to_csv(tables: Sequence[Table]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _CSV_COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for table in tables:
        texts = {"grain": _SEPARATOR.join(table.grain), "purpose": _SEPARATOR.join(table.purpose)}
        writer.writerows({**column, **texts} for column in table.columns)
    return buffer.getvalue()
