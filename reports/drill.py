"""From a figure to lines: the SQL that counts it again, the deliveries behind it, some of its rows, and how to trace one.

What belongs here: which query explains which figure, and what a reader is told to run. What does not: what those queries say
(`sql/evidence`, `warehouse/sql/explain`), which of their rows an indicator counts (`counted_rows`), how rows look
(`evidence_rows`), and finding the line in a file (`warehouse trace`).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from reports import code_words, counted_rows, evidence_rows, published, senders, wording
from reports.counted_rows import Counted
from reports.evidence_rows import RowTable
from reports.published import Parameters, Row
from reports.senders import Named, Senders
from reports.wording import Bilingual

_EVIDENCE: Final[Mapping[str, tuple[str, ...]]] = {
    "procedures": ("T01", "P03"),
    "infrastructure": ("T02", "T06", "T07", "T08"),
    "work_files": ("T03", "T04", "T05"),
    "dossiers_received": ("T10", "T11", "T13", "T14", "O01", "O02", "O12", "O13"),
    "commune_dossiers": ("T16",),
    "dossiers_resolved": ("T09", "T12", "O03", "O04", "O05", "O06"),
    "essential_dossiers": ("T15", "P01", "P02", "P04"),
    "identity": ("P05", "P06"),
    "dossiers_carried_over": ("O07",),
    "dossiers_in_process": ("O08", "O09"),
    "dossiers_withdrawn": ("O10",),
    "dossiers_older_state": ("O11",),
    "satisfaction": ("S01", "S02", "S03"),
    "benefits": ("W01", "W02"),
    "officials": ("R01", "R02", "R03", "R04"),
    "databases": ("D01", "D02"),
    "portal": ("D03",),
    "population_check": ("C01",),
}
EVIDENCE_OF: Final[Mapping[str, str]] = {code: name for name, codes in _EVIDENCE.items() for code in codes}
"""For each indicator the query in `sql/evidence` that lists the rows it counts, each with its file and line.

Groups of points are missing: they are made of other indicators, which have theirs.
"""

EVIDENCE_TITLES: Final[Mapping[str, Bilingual]] = {
    "procedures": Bilingual("Thủ tục có hiệu lực", "Procedures in force"),
    "infrastructure": Bilingual("Báo cáo hạ tầng số", "Reports of digital infrastructure"),
    "work_files": Bilingual("Báo cáo hồ sơ công việc", "Reports of work files"),
    "dossiers_received": Bilingual("Hồ sơ tiếp nhận trong kỳ", "Dossiers received"),
    "commune_dossiers": Bilingual("Hồ sơ tiếp nhận của từng xã", "Dossiers received by each commune"),
    "dossiers_resolved": Bilingual("Hồ sơ đã giải quyết trong kỳ", "Dossiers resolved"),
    "essential_dossiers": Bilingual("Hồ sơ trực tuyến của dịch vụ thiết yếu", "Online dossiers of essential services"),
    "identity": Bilingual("Báo cáo thẻ căn cước, định danh điện tử", "Reports of cards and electronic identities"),
    "dossiers_carried_over": Bilingual("Hồ sơ kỳ trước chuyển sang", "Dossiers carried over"),
    "dossiers_in_process": Bilingual("Hồ sơ đang giải quyết cuối kỳ", "Dossiers in process at the end"),
    "dossiers_withdrawn": Bilingual("Hồ sơ rút", "Dossiers withdrawn"),
    "dossiers_older_state": Bilingual("Hồ sơ hiển thị trạng thái cũ", "Dossiers shown in an older state"),
    "satisfaction": Bilingual("Phiếu khảo sát, phản ánh", "Survey answers and feedback"),
    "benefits": Bilingual("Khoản chi trả trợ giúp xã hội", "Payments of social assistance"),
    "officials": Bilingual("Báo cáo ba yêu cầu của cán bộ", "Reports of officials’ three requirements"),
    "databases": Bilingual("Danh sách cơ sở dữ liệu dùng chung", "Lists of shared databases"),
    "portal": Bilingual("Đối soát với Cổng quốc gia", "Reconciliation with the national portal"),
    "population_check": Bilingual("Kết quả đối soát dân cư", "Results of population checks"),
}

_SAMPLE_ROWS: Final = 5
_SAMPLE_IN_NUMERATOR: Final = 2
_SHELL_SPECIAL: Final = re.compile(r'["$`\\!]')


@dataclass(frozen=True)
class Explanation:
    """A formula in words, and as a query whose parameters are open; some figures are counted by no short query."""

    formula: Bilingual
    sql: str | None

    def written_for(self, parameters: Parameters) -> str | None:
        """The query with its parameters written in."""
        return published.written_in(self.sql, parameters) if self.sql else None


@dataclass(frozen=True)
class Evidence:
    """The rows that a figure counts: the query that lists them, how many there are, in which deliveries, and some of them."""

    sql: str
    rows: int
    deliveries: Sequence[Row]
    sample: RowTable
    about_sample: Bilingual

    @property
    def only_supplier(self) -> Named | None:
        """Who sent all of the deliveries; None where several did."""
        suppliers = {delivery["supplier"] for delivery in self.deliveries}
        return suppliers.pop() if len(suppliers) == 1 else None


def evidence(con: duckdb.DuckDBPyConnection, code: str, table: str, parameters: Mapping[str, Any]) -> Evidence | None:
    """What stands behind a figure; None for an indicator whose rows no query lists."""
    name = EVIDENCE_OF.get(code)
    if name is None:
        return None
    counted = counted_rows.of_indicator(code)
    sql = evidence_sql(code, parameters)
    found = con.sql(sql)
    behind = dict(found.aggregate("delivery_id, count(*) AS lines", "delivery_id").fetchall())
    total = sum(behind.values())
    named = senders.read(con)
    sample = _sample(found, counted)
    return Evidence(
        sql=sql,
        rows=total,
        deliveries=[
            _delivery(row, behind[row["delivery_id"]], named)
            for row in published.rows(con, "pages/delivery_names")
            if row["delivery_id"] in behind
        ],
        sample=evidence_rows.table_of(
            EVIDENCE_TITLES[name],
            name,
            table,
            _shown(found, counted, sample),
            code_words.read(con, parameters),
        ),
        about_sample=evidence_rows.about_sample(sample, total, counted),
    )


def evidence_sql(code: str, parameters: Parameters) -> str:
    """The query for the rows that an indicator counts, with its parameters written in; KeyError where none lists them."""
    return counted_rows.of_indicator(code).chosen_from(published.readable(f"evidence/{EVIDENCE_OF[code]}", parameters))


def sql_command(sql: str) -> str:
    """A query as one word for a shell."""
    # Queries are full of single quotes; double ones keep them legible where the shell leaves the rest alone.
    quoted = shlex.quote(sql) if _SHELL_SPECIAL.search(sql) else f'"{sql}"'
    return f"warehouse sql {quoted}"


def explanations(con: duckdb.DuckDBPyConnection) -> dict[str, Explanation]:
    """How each indicator is counted again from the core tables, as the release holds it."""
    return {
        row["kpi_code"]: Explanation(Bilingual(row["formula_vi"], row["formula_en"]), row["sql"])
        for row in published.rows(con, "pages/explanations")
    }


def _delivery(row: Row, lines: int, named: Senders) -> Row:
    said = {
        "supplier": named.supplier(row["supplier_code"]),
        "received": wording.moment(row["received_at"]),
        "accepted": wording.count(row["rows_accepted"]),
        "quarantined": wording.count(row["rows_quarantined"]),
        "counted": wording.count(lines),
    }
    return {**row, **said, "lines": lines}


def _sample(found: duckdb.DuckDBPyRelation, counted: Counted) -> list[Row]:
    """Some of the rows; where some count in the numerator and some do not, of both."""
    if not counted.part:
        return _first(found, _SAMPLE_ROWS)
    within = _first(found.filter(counted_rows.IN_NUMERATOR), _SAMPLE_ROWS)
    without = _first(found.filter(~duckdb.ColumnExpression(counted_rows.IN_NUMERATOR)), _SAMPLE_ROWS)
    # What lacks says more than what does not, where there is enough of both.
    share = max(_SAMPLE_ROWS - len(without), _SAMPLE_IN_NUMERATOR)
    return without[: _SAMPLE_ROWS - min(share, len(within))] + within[:share]


def _first(found: duckdb.DuckDBPyRelation, most: int) -> list[Row]:
    first = found.limit(most)
    return [dict(zip(first.columns, values, strict=True)) for values in first.fetchall()]


def _shown(found: duckdb.DuckDBPyRelation, counted: Counted, sample: Sequence[Row]) -> list[Row]:
    """The rows without the marks that only other indicators count."""
    marks = {name for name, kind in zip(found.columns, found.types, strict=True) if str(kind) == "BOOLEAN"}
    hidden = marks - counted.marks - {counted_rows.IN_NUMERATOR}
    return [{name: value for name, value in row.items() if name not in hidden} for row in sample]
