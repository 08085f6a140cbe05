"""What was ever published of an indicator: each value with the release that published it, and what was restated and why.

What belongs here: the two tables of an indicator's page that look back over releases. What does not: what moved from one
release to the next (`release_notes`), and how it is known (`meta.kpi_vintage`, `meta.kpi_restatement`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import duckdb

from reports import figures, published, sheet, wording
from reports.published import Row
from reports.sheet import Column, Sheet
from reports.wording import Bilingual
from reports.year import in_english

_MOST_ROWS: Final = 40
_NO_FILE: Final = Bilingual(
    "không vì tệp nào: quy tắc, danh mục hoặc câu SQL đã đổi", "no file: rules, lists or SQL changed"
)


@dataclass(frozen=True)
class Vintages:
    """The values published for the province, and the restatements of all units; None where nothing was restated."""

    published: Sheet
    restated: Sheet | None

    @property
    def sheets(self) -> list[Sheet]:
        """The tables that have a CSV file."""
        return [self.published, *([self.restated] if self.restated else [])]


def of_indicator(con: duckdb.DuckDBPyConnection, row: Row, unit_code: str) -> Vintages:
    """What was published of the indicator of a row of the scorecard for a unit, the newest first."""
    asked = {"kpi_code": row["kpi_code"], "unit_code": unit_code}
    return Vintages(_published(con, row, asked), _restated(con, row, asked))


def _published(con: duckdb.DuckDBPyConnection, row: Row, asked: dict[str, Any]) -> Sheet:
    found = published.rows(con, "pages/vintages", asked)
    return Sheet(
        f"{row['kpi_code']}-published",
        Bilingual(
            "Giá trị đã công bố, toàn tỉnh, mới nhất trước", "Values published, whole province, the newest first"
        ),
        [
            sheet.period("period", "Kỳ", "Period"),
            _value(row, "value", "Giá trị", "Value"),
            _part(row, "numerator", "Tử số", "Numerator"),
            _part(row, "denominator", "Mẫu số", "Denominator"),
            sheet.coded("status", "Đánh giá", "Status", wording.STATUS),
            sheet.moment("published_at", "Công bố lúc", "Published"),
            _release("release_id", "Bản công bố", "Published by"),
            _release("replaced_by_release_id", "Bản thay thế (— là đang đứng)", "Replaced by (— it stands)"),
        ],
        found,
        published.readable("pages/vintages", asked),
    ).shortened(_MOST_ROWS)


def _restated(con: duckdb.DuckDBPyConnection, row: Row, asked: dict[str, Any]) -> Sheet | None:
    found = published.rows(con, "pages/restatements", asked)
    if not found:
        return None
    return Sheet(
        f"{row['kpi_code']}-restated",
        Bilingual(
            "Số của kỳ đã hết, đổi sau khi công bố, mới nhất trước",
            "Figures of periods that were over, changed since, the newest first",
        ),
        [
            Column(("full_name", "name_en", "unit_type"), Bilingual("Đơn vị", "Unit"), _unit),
            sheet.period("period", "Kỳ", "Period"),
            _value(row, "old_value", "Đã công bố", "Was"),
            _value(row, "new_value", "Nay", "Is"),
            sheet.coded("old_status", "Đánh giá cũ", "Status then", wording.STATUS),
            sheet.coded("new_status", "Đánh giá nay", "Status now", wording.STATUS),
            Column(("file_names",), Bilingual("Vì những tệp", "Because of"), _why),
            sheet.moment("published_at", "Đổi lúc", "Changed"),
            _release("old_release_id", "Bản cũ", "Release then"),
            _release("release_id", "Bản đổi", "Release that changed it"),
        ],
        found,
        published.readable("pages/restatements", asked),
    ).shortened(_MOST_ROWS)


def _value(row: Row, name: str, vi: str, en: str) -> Column:
    def said(value: Any) -> Bilingual:
        return figures.shown(value, row["measure"], beside=row["target"])

    return Column((name,), Bilingual(vi, en), said, is_number=True)


def _part(row: Row, name: str, vi: str, en: str) -> Column:
    return Column((name,), Bilingual(vi, en), lambda amount: figures.part(amount, row["measure"]), is_number=True)


def _release(name: str, vi: str, en: str) -> Column:
    return sheet.text(name, vi, en, link=lambda row: f"../releases.html#{row[name]}" if row[name] else "")


def _unit(full_name: str, name_en: str, unit_type: str) -> Bilingual:
    return Bilingual(full_name, in_english(name_en, unit_type))


def _why(file_names: str | None) -> Bilingual:
    return Bilingual(file_names, file_names) if file_names else _NO_FILE
