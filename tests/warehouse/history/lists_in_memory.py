"""Runs the SQL that turns dated lists into versions, on lists made up in memory.

The rows go in where the three dimensions hand theirs over; what a list's own columns mean is tried with whole releases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb
import polars as pl

from warehouse import duck
from warehouse.sql_models import load_models

LISTED, ENDED, UNREAD = "listed", "ended", "unread"
_MODELS = ("stage.list_delivery", "stage.list_entry", "stage.list_walk", "stage.member_version")
_ENTRY = {
    "list": pl.String,
    "code": pl.String,
    "scope": pl.String,
    "in_force_on": pl.Date,
    "delivery_no": pl.Int32,
    "source_sheet": pl.String,
    "source_row": pl.Int64,
    "list_kind": pl.String,
    "said": pl.String,
    "facts": pl.String,
    "starts_member": pl.Boolean,
}
_HANDED_OVER = {
    "procedure_catalogue": "stage.service_list_entry",
    "agency_list": "stage.agency_list_entry",
    "administrative_unit_list": "stage.unit_list_entry",
}


@dataclass(frozen=True)
class Row:
    """What a list says of a code; a row that was rejected at the gate is UNREAD and has neither facts nor scope."""

    facts: str | None
    scope: str | None = None
    said: str = LISTED


@dataclass(frozen=True)
class DatedList:
    """One list: the day it takes force, what it speaks for and what it says; equal lists are one delivery."""

    in_force_on: date
    rows: Mapping[str, Row]
    kind: str = "full"
    status: str = "accepted"
    decision: str | None = None
    content: str = field(default="")


Version = tuple[str, date, date | None, str]
"""Code, first day, first day no longer valid, and the list's row that brought it as `delivery_no/source_row`."""


def versions_of(
    lists: Iterable[DatedList],
    *,
    most_missing_share: float = 1.0,
    missing_allowed: int = 0,
    name: str = "procedure_catalogue",
) -> list[Version]:
    """The versions that lists in the order of their arrival come to, sorted."""
    with walked(lists, most_missing_share, missing_allowed, name) as con:
        return con.execute(
            "SELECT code, valid_from, valid_to, brought_by.delivery_no || '/' || brought_by.source_row "
            "FROM stage.member_version ORDER BY code, valid_from"
        ).fetchall()


def walked(
    lists: Iterable[DatedList], most_missing_share: float, missing_allowed: int, name: str
) -> duckdb.DuckDBPyConnection:
    """A connection in which the models of the versions have run."""
    arrived = list(enumerate(lists))
    con = duck.connect()
    duck.create_schema(con, "memory", "ledger")
    duck.create_schema(con, "memory", "stage")
    _store(con, "ledger.reference_list", _declared(name, most_missing_share, missing_allowed))
    _store(con, "ledger.sending", _sendings(arrived, name))
    _store(con, "ledger.list_decision", _decisions(arrived))
    for handed_over, table in _HANDED_OVER.items():
        _store(con, table, _entries(arrived if handed_over == name else [], name))
    models = {model.name: model for model in load_models()}
    for model in _MODELS:
        con.sql(models[model].sql).create(model)
    return con


def _store(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    con.from_arrow(frame.to_arrow()).create(table)


def _declared(name: str, share: float, allowed: int) -> pl.DataFrame:
    return pl.DataFrame({"extract": [name], "most_missing_share": [share], "missing_allowed": [allowed]})


def _sendings(arrived: list[tuple[int, DatedList]], name: str) -> pl.DataFrame:
    rows = [
        {
            "extract": name,
            "status": each.status,
            "period_first_on": each.in_force_on,
            "delivery_no": number,
            "delivery_id": f"d{number}",
            "sha256": f"s{number}",
        }
        for number, each in arrived
    ]
    return pl.DataFrame(
        rows,
        schema={
            "extract": pl.String,
            "status": pl.String,
            "period_first_on": pl.Date,
            "delivery_no": pl.Int32,
            "delivery_id": pl.String,
            "sha256": pl.String,
        },
    )


def _decisions(arrived: list[tuple[int, DatedList]]) -> pl.DataFrame:
    rows = [
        {"list_sha256": f"s{number}", "decision": each.decision, "delivery_no": number, "source_row": 1}
        for number, each in arrived
        if each.decision is not None
    ]
    schema = {"list_sha256": pl.String, "decision": pl.String, "delivery_no": pl.Int32, "source_row": pl.Int64}
    return pl.DataFrame(rows, schema=schema)


def _entries(arrived: list[tuple[int, DatedList]], name: str) -> pl.DataFrame:
    columns: dict[str, list[object]] = {column: [] for column in _ENTRY}
    for number, each in arrived:
        for position, (code, row) in enumerate(each.rows.items(), start=1):
            read = row.said != UNREAD
            said = (
                name, code, row.scope, each.in_force_on, number, None, position,
                each.kind if read else None, row.said, row.facts, False,
            )  # fmt: skip
            for column, value in zip(columns.values(), said, strict=True):
                column.append(value)
    return pl.DataFrame(columns, schema=_ENTRY)
