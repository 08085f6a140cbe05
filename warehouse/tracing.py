"""From a row of the warehouse back to the files and lines it comes from.

Nothing here reveals what a person's clearance would not show, unless a reason is given; that is written down first.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from sqlglot import exp

from schemas.contract import Extract
from schemas.extracts import all_extracts
from schemas.rules import Severity
from warehouse import duck
from warehouse.ledger import LOCAL_TIME
from warehouse.ledger_slice import LedgerSlice, as_sent, slice_of_release, sources
from warehouse.publishing import ANALYST_FILE, PublishedRelease, require_release
from warehouse.records_as_sent import find_record
from warehouse.sql_models import Model, load_models
from warehouse.storage import Home

KEY_SEPARATOR = "/"
_LOG_FILE = "processing_log.jsonl"
_DELETED = "deleted"
_FINDING = ("rule_code", "severity", "message_vi", "message_en")
_POSITION = ("delivery_id", "source_sheet", "source_row")


class NotTraceableError(Exception):
    """There is no such table, no such row, or the key does not fit the table."""


@dataclass(frozen=True)
class Finding:
    """A rule that a record broke."""

    rule_code: str
    severity: str
    message_vi: str
    message_en: str


@dataclass(frozen=True)
class SourceRecord:
    """One record in a file that speaks about the row.

    `fate` is shown, older, rejected, superseded or deleted (what said so, and what was said before); `changed_at` the
    moment the record says it changed. `source_row` is its position, `line` where it begins in a text file (in a sheet
    both are the row), None where there are no lines or it is not found again. `raw` is the record as sent, the texts of
    its columns as JSON; None unless revealed.
    """

    fate: str
    changed_at: datetime | None
    supplier_code: str
    period: str
    file_name: str
    sha256: str
    received_at: datetime
    delivery_id: str
    source_sheet: str | None
    source_row: int
    line: int | None
    findings: tuple[Finding, ...]
    raw: str | None


@dataclass(frozen=True)
class Trace:
    """A row of the current release and every record behind it, the newest first; `sql` is the query of its table.

    Of what its supplier deleted `row` is empty, and the records are all there is.
    """

    release_id: str
    table: str
    key: str
    row: Mapping[str, Any]
    records: tuple[SourceRecord, ...]
    sql: str
    is_simulated: bool


def trace(home: Home, table: str, key: str, reveal: str | None = None) -> Trace:
    """Trace the row of `table` in the current release whose key is `key`; parts of a key are joined by `/`.

    A unit's code is enough where the key is its version. With `reveal`, a reason in words, records are given as they
    were sent, and who asked, when and why is logged before anything is read. Raises NotTraceableError, or
    NoSuchReleaseError when nothing was published yet.
    """
    release = require_release(home)
    model = _model_of(table)
    if reveal is not None:
        _log(home, table, key, reveal)
    with _analyst_edition(release) as con:
        wanted = _key_columns(model, key)
        row = next(iter(_matching(con, f"release.{model.name}", wanted)), None)
        records: tuple[SourceRecord, ...] = ()
        extract = all_extracts()[model.extract] if model.extract is not None else None
        if extract is not None and (row is not None or extract.tombstone is not None):
            with _ledger_of(home, release, con) as ledger:
                sources_of = _Sources(home, con, ledger, extract, model.key, reveal is not None)
                records = tuple(sorted(sources_of.records(wanted if row is None else row), key=_age, reverse=True))
        if row is None and not any(record.fate == _DELETED for record in records):
            raise NotTraceableError(f"{model.name}: không có dòng / no row {key}")
        row = row or {}
    return Trace(release.release_id, table, key, row, records, model.sql, bool(release.record["is_simulated"]))


def _model_of(table: str) -> Model:
    for model in load_models():
        if model.name == table and model.is_published and model.key:
            return model
    raise NotTraceableError(f"{table}: không có bảng này hoặc bảng không có khoá. / no such table, or it has no key.")


def _log(home: Home, table: str, key: str, reason: str) -> None:
    """Write down who looks at personal data, when and why (Decree 13/2023, Law 91/2025)."""
    if not reason.strip():
        raise NotTraceableError("Cần nêu lý do xem dữ liệu cá nhân. / A reason to reveal personal data is needed.")
    entry = {
        "at": datetime.now(LOCAL_TIME).isoformat(timespec="seconds"),
        "who": getpass.getuser(),
        "why": reason.strip(),
        "table": table,
        "key": key,
    }
    folder = Path(str(home.ledger))
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / _LOG_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as log:
        log.write(json.dumps(entry, ensure_ascii=False) + "\n")


@contextmanager
def _analyst_edition(release: PublishedRelease) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duck.connect()
    try:
        duck.attach(con, release.folder / ANALYST_FILE, "release", read_only=True)
        yield con
    finally:
        con.close()


def _key_columns(model: Model, key: str) -> dict[str, str]:
    """What a row must have in which columns to be the one that is meant."""
    parts = key.split(KEY_SEPARATOR)
    columns = [("unit_code" if name == "unit_key" and "unit_code" in model.columns else name) for name in model.key]
    if len(parts) != len(columns):
        raise NotTraceableError(f"{model.name}: khoá gồm / the key is {KEY_SEPARATOR.join(columns)}")
    return dict(zip(columns, parts, strict=True))


def _matching(con: duckdb.DuckDBPyConnection, table: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table or view whose columns have the wanted values; None matches None."""
    query = exp.select("*").from_(exp.to_table(table, dialect="duckdb"))
    for name in wanted:
        query = query.where(exp.NullSafeEQ(this=exp.column(name, quoted=True), expression=exp.Placeholder()))
    relation = con.sql(query.sql("duckdb"), params=list(wanted.values()))
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


@contextmanager
def _ledger_of(home: Home, release: PublishedRelease, con: duckdb.DuckDBPyConnection) -> Iterator[LedgerSlice]:
    ledger = slice_of_release(home, release.record)
    with sources(con, ledger):
        yield ledger


@dataclass(frozen=True)
class _Sources:
    """The ledger behind a table of one extract."""

    home: Home
    con: duckdb.DuckDBPyConnection
    ledger: LedgerSlice
    extract: Extract
    table_key: tuple[str, ...]
    is_revealed: bool

    def records(self, row: Mapping[str, Any]) -> Iterator[SourceRecord]:
        """Every record with the row's business key: counting, superseded, rejected and deleted ones."""
        key = {name: row[name] for name in self.extract.kept_key if name != self.extract.event_time}
        # A dimension says of which period its newest record is; the others speak of the same thing.
        key |= {name: row[name] for name in ("period", "supplier_code") if name in self.table_key}
        for table in (self.extract.name, f"superseded_{self.extract.name}", f"rejected_{self.extract.name}"):
            for record in _matching(self.con, f"memory.ledger.{table}", key):
                yield self._record(table, record, row)
        for record in self._deleted(key):
            yield self._record(f"{_DELETED}_{self.extract.name}", record, row)

    def _deleted(self, key: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What was sent and is among the counting rows no more: taken out, or a tombstone."""
        if self.extract.tombstone is None:
            return
        counting = _matching(self.con, f"memory.ledger.{self.extract.name}", key)
        there = {tuple(record[name] for name in _POSITION) for record in counting}
        for record in _matching(self.con, f"memory.ledger.{as_sent(self.extract)}", key):
            if tuple(record[name] for name in _POSITION) not in there:
                yield record

    def _record(self, table: str, record: Mapping[str, Any], row: Mapping[str, Any]) -> SourceRecord:
        position = {name: record[name] for name in _POSITION}
        sending = self.ledger.sendings.row(by_predicate=pl.col("delivery_no") == record["delivery_no"], named=True)
        sheet, row_no = position["source_sheet"], position["source_row"]
        sent = find_record(self.home, sending["sha256"], sending["file_name"], self.extract, sheet, row_no)
        findings = _matching(self.con, "release.quality.quarantine", position)
        return SourceRecord(
            fate=self._fate(table, position, row, findings),
            changed_at=record[self.extract.event_time] if self.extract.event_time else None,
            supplier_code=sending["supplier_code"],
            period=sending["period"],
            file_name=sending["file_name"],
            sha256=sending["sha256"],
            received_at=sending["received_at"],
            delivery_id=sending["delivery_id"],
            source_sheet=sheet,
            source_row=row_no,
            line=sent.line if sent else None,
            findings=tuple(Finding(**{name: found[name] for name in _FINDING}) for found in findings),
            raw=json.dumps(sent.texts, ensure_ascii=False) if sent and self.is_revealed else None,
        )

    def _fate(
        self,
        table: str,
        position: Mapping[str, Any],
        row: Mapping[str, Any],
        findings: Iterable[Mapping[str, Any]],
    ) -> str:
        if table != self.extract.name:
            return table.removesuffix(f"_{self.extract.name}")
        if any(finding["severity"] == Severity.QUARANTINE for finding in findings):
            return "rejected"
        # A dimension does not say the sheet.
        sheet = row.get("source_sheet", position["source_sheet"])
        is_shown = tuple(position.values()) == (row.get("source_delivery_id"), sheet, row.get("source_row"))
        return "shown" if is_shown else "older"


def _age(record: SourceRecord) -> tuple[bool, datetime, datetime]:
    """Sorts by event time where there is one, then by arrival."""
    received_at = record.received_at.replace(tzinfo=None)
    return record.changed_at is not None, record.changed_at or received_at, received_at
