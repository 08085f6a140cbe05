"""What units answered for the targets they miss: who is in charge, by when, and what to remark about the answer.

What belongs here: the rows of `core.fact_target_response` in the words of pages. What does not: causes and remedies as they
were typed, which are free text and stay in the restricted edition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from reports import drill, figures, published, senders, wording
from reports.published import Row
from reports.senders import Named, Senders
from reports.wording import Bilingual


@dataclass(frozen=True)
class Response:
    """One answer of one quarter, with the line of the file it stands on."""

    code: str
    title: Bilingual
    unit_code: str
    period: str
    supplier: Named
    owner: Bilingual
    owner_agency_code: str
    deadline: Bilingual
    deadline_rank: str
    remarks: Sequence[Bilingual]
    file_name: str
    sheet: str
    row: int


@dataclass(frozen=True)
class Responses:
    """Answers as a page shows them: those of the newest quarter first, and how to read what is not shown."""

    newest: Sequence[Response]
    older: Sequence[Response]
    sql: str
    command: str


def arranged(answers: Sequence[Response], period: str, *, kpi_code: str = "") -> Responses:
    """Answers of a year with those of its newest quarter apart; the command reads causes and remedies of one indicator."""
    newest = max((answer.period for answer in answers), default="")
    query = published.readable("pages/causes", {"kpi_code": kpi_code})
    return Responses(
        newest=[answer for answer in answers if answer.period == newest],
        older=[answer for answer in answers if answer.period != newest],
        sql=published.readable("pages/responses", {"period": period}),
        command=f"{drill.sql_command(query)} --edition restricted",
    )


def of_year(con: duckdb.DuckDBPyConnection, period: str) -> list[Response]:
    """Every answer of a year, by indicator and unit, the newest quarter first."""
    named = senders.read(con)
    return [_response(row, named) for row in published.rows(con, "pages/responses", {"period": period})]


def _response(row: Row, named: Senders) -> Response:
    return Response(
        code=row["kpi_code"],
        title=figures.titles()[row["kpi_code"]],
        unit_code=row["unit_code"],
        period=row["period"],
        supplier=named.supplier(row["supplier_code"]),
        owner=Bilingual(row["owner_vi"], row["owner_en"]),
        owner_agency_code=row["owner_agency_code"],
        deadline=wording.day(row["deadline_on"]),
        deadline_rank=f"{row['deadline_on']:%Y-%m-%d}",
        remarks=list(_remarks(row)),
        file_name=row["file_name"],
        sheet=row["source_sheet"],
        row=row["source_row"],
    )


def _remarks(row: Row) -> Iterator[Bilingual]:
    if row["is_deadline_past"]:
        yield Bilingual("thời hạn đã qua khi báo cáo", "past when reported")
    if row["is_remedy_copied"]:
        yield Bilingual("giải pháp chép nguyên văn quý trước", "remedy copied from the quarter before")
