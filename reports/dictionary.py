"""The data dictionary: every table and column, what each table is made from and how, as the release describes itself.

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

from reports import lineage, page, published, wording
from reports.published import Row
from reports.wording import Bilingual
from warehouse.storage import Home, put_bytes

_CSV_COLUMNS: Final = ("table_name", "column_name", "data_type", "title_vi", "title_en", "grain", "purpose")
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
    upstream: Sequence[str]
    downstream: Sequence[str]
    sql: str

    @property
    def anchor(self) -> str:
        """The id of its section in the page."""
        return _anchor(self.name)


def address_of(table: str) -> str:
    """Where the dictionary tells of a table, from the top of the site."""
    return f"dictionary.html#{_anchor(table)}"


def write(home: Home) -> list[UPath]:
    """Write `site/dictionary.html`, `dictionary.csv` and `lineage.csv` from the current release's analyst edition.

    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        note = published.release_note(con)
        tables = _tables(con)
    html = page.render(
        "dictionary.html.j2",
        title=_TITLE,
        release=note,
        tables=tables,
        picture=lineage.draw({table.name: table.upstream for table in tables}),
        box_width=lineage.BOX_WIDTH,
        box_height=lineage.BOX_HEIGHT,
        anchors={table.name: table.anchor for table in tables},
    )
    return [
        page.write(home.site / "dictionary.html", html),
        _put_csv(home.site / "dictionary.csv", _to_csv(tables)),
        _put_csv(home.site / "lineage.csv", _lineage_csv(tables)),
    ]


def _anchor(table: str) -> str:
    return table.replace(".", "-")


def _tables(con: duckdb.DuckDBPyConnection) -> list[Table]:
    by_table = {
        name: list(columns) for name, columns in groupby(published.rows(con, "columns"), key=itemgetter("table_name"))
    }
    found = published.rows(con, "tables")
    upstream = {row["table_name"]: [name for name in row["upstream"].split(", ") if name] for row in found}
    return [
        Table(
            name=row["table_name"],
            kind=row["kind"],
            purpose=published.in_both_languages(row["purpose"]),
            grain=published.in_both_languages(row["grain"]),
            rows=wording.count(row["rows"]),
            columns=by_table.get(row["table_name"], []),
            upstream=upstream[row["table_name"]],
            downstream=[name for name, sources in upstream.items() if row["table_name"] in sources],
            sql=row["sql"].strip(),
        )
        for row in found
    ]


def _put_csv(target: UPath, text: str) -> UPath:
    put_bytes(target, (_UTF8_MARK + text).encode())
    return target


def _lineage_csv(tables: Sequence[Table]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(("table_name", "made_from"))
    writer.writerows((table.name, source) for table in tables for source in table.upstream)
    return buffer.getvalue()


def _to_csv(tables: Sequence[Table]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _CSV_COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for table in tables:
        between = published.BETWEEN_LANGUAGES
        texts = {"grain": between.join(table.grain), "purpose": between.join(table.purpose)}
        writer.writerows({**column, **texts} for column in table.columns)
    return buffer.getvalue()
