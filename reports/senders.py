"""What is sent and who sends it, in words: the title of an extract and the name of a supplier, for the codes of both.

What belongs here: those names, and the columns of tables that show them. What does not: words for statuses (`wording`), and
which table a page shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from reports import published, sheet, wording
from reports.sheet import Column
from reports.wording import Bilingual
from schemas.extracts import all_extracts


@dataclass(frozen=True)
class Named:
    """A code and what it is called; a code that is not known is called by itself."""

    code: str
    name: Bilingual


@dataclass(frozen=True)
class Senders:
    """The names of extracts and suppliers, by code."""

    extracts: Mapping[str, Bilingual]
    suppliers: Mapping[str, Bilingual]

    def extract(self, code: str) -> Named:
        """An extract."""
        return Named(code, wording.word(self.extracts, code))

    def supplier(self, code: str) -> Named:
        """A supplier."""
        return Named(code, wording.word(self.suppliers, code))

    @property
    def extract_column(self) -> Column:
        """The column `extract` of a table."""
        return sheet.named("extract", "Bộ dữ liệu", "Extract", self.extracts)

    @property
    def supplier_column(self) -> Column:
        """The column `supplier_code` of a table."""
        return sheet.named("supplier_code", "Đơn vị gửi", "Supplier", self.suppliers)


def read(con: duckdb.DuckDBPyConnection) -> Senders:
    """The titles of the contracts, and the names of agencies as the release knows them last."""
    return Senders(
        extracts={name: Bilingual(extract.vi, extract.en) for name, extract in all_extracts().items()},
        suppliers={
            row["short_code"]: Bilingual(row["name_vi"], row["name_en"]) for row in published.rows(con, "suppliers")
        },
    )
