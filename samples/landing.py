"""Writes sendings into the landing zone as a department would, and keeps the truth about each of them.

What belongs here: paths, manifests, file times, the status every sending ends with, the four truth tables. What does
not: what is in a file and what is wrong with it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from samples.article import YEAR
from samples.expected import Expected, fate_of

PROVINCE_TIME: Final = timezone(timedelta(hours=7))

ROW_SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "path": pl.String,
    "source_sheet": pl.String,
    "source_row": pl.Int64,
    "fate": pl.String,
    "defects": pl.List(pl.String),
}
FINDING_SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "path": pl.String,
    "source_sheet": pl.String,
    "source_row": pl.Int64,
    "rule_code": pl.String,
    "stage": pl.String,
    "severity": pl.String,
}
_SENDING_SCHEMA: Final = {
    "path": pl.String,
    "extract": pl.String,
    "supplier": pl.String,
    "period": pl.String,
    "part": pl.String,
    "sha256": pl.String,
    "received_at": pl.String,
    "status": pl.String,
    "refusal_code": pl.String,
    "rows_read": pl.Int64,
    "file_defect": pl.String,
}
_MISSING_SCHEMA: Final = {"extract": pl.String, "supplier": pl.String, "period": pl.String, "reason": pl.String}


@dataclass(frozen=True, order=True)
class Slot:
    """What a supplier owes once: one extract for one period."""

    extract: str
    supplier: str
    period: str


@dataclass(frozen=True)
class Sending:
    """One file as it arrives, with its truth: ``rows`` and ``findings`` follow the schemas above without ``path``.

    A refused file's ``rows`` are the rows a reader could still count; unreadable files have none (``rows_read`` None).
    """

    slot: Slot
    file_name: str
    content: bytes
    received_at: datetime
    rows: pl.DataFrame
    findings: pl.DataFrame
    rows_read: int | None
    file_defect: str | None = None
    refusal_code: str | None = None

    @property
    def path(self) -> str:
        """Where the file lies, relative to the landing zone."""
        return f"{self.slot.extract}/{self.slot.supplier}/{self.slot.period}/{self.file_name}"


class TrueRow(NamedTuple):
    """A row of a sheet: its 1-based line, the names of its defects and the rules it must be found to break."""

    source_row: int
    defects: tuple[str, ...]
    expected: tuple[Expected, ...]


def at(day: datetime) -> datetime:
    """The same wall time in the province's time zone."""
    return day.replace(tzinfo=PROVINCE_TIME)


def after_month(month: int, day: int, hour: int, minute: int) -> datetime:
    """A moment in the month that follows one of the reported year, when its reports are due."""
    return datetime(YEAR + month // 12, month % 12 + 1, day, hour, minute, tzinfo=PROVINCE_TIME)


def frame_rows(source_sheet: str | None, rows: Iterable[TrueRow], *, refused: bool = False) -> pl.DataFrame:
    """Truth about rows that are few enough to be handled one by one."""
    return pl.DataFrame(
        [
            (source_sheet, row.source_row, "refused" if refused else fate_of(row.expected), list(row.defects))
            for row in rows
        ],
        schema={name: kind for name, kind in ROW_SCHEMA.items() if name != "path"},
        orient="row",
    )


def frame_findings(source_sheet: str | None, rows: Iterable[TrueRow], of_file: Iterable[Expected] = ()) -> pl.DataFrame:
    """Expected findings of such rows and of the file as a whole (no sheet, no row)."""
    placed = [
        (source_sheet, row.source_row, one.rule_code, one.stage, one.severity) for row in rows for one in row.expected
    ]
    return pl.DataFrame(
        [*placed, *((None, None, one.rule_code, one.stage, one.severity) for one in of_file)],
        schema={name: kind for name, kind in FINDING_SCHEMA.items() if name != "path"},
        orient="row",
    )


class Landing:
    """A landing zone being filled; ``finish`` writes the truth beside it, or to ``truth``. Use as a context manager."""

    def __init__(
        self, out: Path, on_progress: Callable[[str, int], None] | None = None, truth: Path | None = None
    ) -> None:
        self._landing = out / "landing"
        self._truth = truth or out / "truth"
        self._on_progress = on_progress
        self._writers = ThreadPoolExecutor(max_workers=2)
        self._sendings: list[tuple[dict[str, object], Future[str]]] = []
        self._rows: list[pl.DataFrame] = []
        self._findings: list[pl.DataFrame] = []
        self._missing: list[tuple[str, str, str, str]] = []
        self._apart: list[pl.DataFrame] = []

    def __enter__(self) -> Landing:
        return self

    def __exit__(self, *_: object) -> None:
        self._writers.shutdown(cancel_futures=True)

    def send(self, sending: Sending) -> None:
        """Write one file, its manifest and its file time in the background; keep its truth."""
        slot = sending.slot
        record: dict[str, object] = {
            "path": sending.path,
            "extract": slot.extract,
            "supplier": slot.supplier,
            "period": slot.period,
            "part": None,
            "received_at": sending.received_at.isoformat(),
            "refusal_code": sending.refusal_code,
            "rows_read": sending.rows_read,
            "file_defect": sending.file_defect,
        }
        written = self._writers.submit(_write, self._landing / sending.path, sending.content, slot, sending.received_at)
        self._sendings.append((record, written))
        for kept, frame in ((self._rows, sending.rows), (self._findings, sending.findings)):
            if not frame.is_empty():
                kept.append(frame.with_columns(path=pl.lit(sending.path)))
        if self._on_progress is not None:
            self._on_progress(slot.extract, 1)

    def withhold(self, slot: Slot, reason: str) -> None:
        """Note a file that never arrives."""
        self._missing.append((slot.extract, slot.supplier, slot.period, reason))

    def adopt(self, truth: Path) -> None:
        """Take over the truth of further extracts, whose files were sent to this landing zone and finished in that folder."""
        sendings, rows, findings, missing = (
            pl.read_parquet(truth / f"{table}.parquet") for table in ("sendings", "rows", "findings", "missing")
        )
        self._apart.append(sendings)
        self._rows.append(rows)
        self._findings.append(findings)
        self._missing.extend(missing.rows())
        if self._on_progress is not None:
            for extract in sendings["extract"]:
                self._on_progress(extract, 1)

    def wait(self) -> None:
        """Let all files be on disk, which frees their content."""
        for _, written in self._sendings:
            written.result()

    def finish(self) -> None:
        """Write the truth tables."""
        self._truth.mkdir(parents=True, exist_ok=True)
        records = [record | {"sha256": written.result()} for record, written in self._sendings]
        _settle(records)
        sendings = pl.DataFrame(
            [[record[name] for name in _SENDING_SCHEMA] for record in records], _SENDING_SCHEMA, orient="row"
        )
        sendings = sendings.with_columns(
            pl.col("received_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%z").dt.convert_time_zone("Asia/Ho_Chi_Minh")
        )
        sendings = pl.concat([sendings, *self._apart]).sort("received_at", "sha256", "path")
        sendings.write_parquet(self._truth / "sendings.parquet")
        rows = pl.concat(self._rows, how="diagonal", rechunk=False)
        self._rows.clear()
        rows.select(*ROW_SCHEMA, pl.exclude(*ROW_SCHEMA)).write_parquet(self._truth / "rows.parquet")
        findings = pl.concat([pl.DataFrame(schema=FINDING_SCHEMA), *self._findings], how="diagonal")
        findings.write_parquet(self._truth / "findings.parquet")
        missing = pl.DataFrame(self._missing, _MISSING_SCHEMA, orient="row")
        missing.write_parquet(self._truth / "missing.parquet")


def _write(path: Path, content: bytes, slot: Slot, received_at: datetime) -> str:
    """Write a file and its manifest; the hash is handed back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    manifest = {
        "extract": slot.extract,
        "supplier": slot.supplier,
        "period": slot.period,
        "part": None,
        "received_at": received_at.isoformat(),
        "sha256": digest,
        "origin": "simulated",
        "file_name": path.name,
    }
    beside = path.with_name(f"{path.name}.manifest.json")
    beside.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    seconds = received_at.timestamp()
    for written in (path, beside):
        os.utime(written, (seconds, seconds))
    return digest


def _settle(records: list[dict[str, object]]) -> None:
    """Give each sending the status it ends with, slot by slot in the order of arrival (equal moments: by hash)."""

    def slot(record: dict[str, object]) -> tuple[str, str, str]:
        return str(record["extract"]), str(record["supplier"]), str(record["period"])

    def arrival(record: dict[str, object]) -> tuple[datetime, str]:
        return datetime.fromisoformat(str(record["received_at"])), str(record["sha256"])

    for _, group in groupby(sorted(records, key=lambda one: (slot(one), arrival(one))), key=slot):
        readable: list[dict[str, object]] = []
        for record in group:
            if record["refusal_code"] is not None:
                record["status"] = "refused"
            elif readable and readable[-1]["sha256"] == record["sha256"]:
                record["status"] = "duplicate"
            else:
                for earlier in readable:
                    earlier["status"] = "superseded"
                record["status"] = "accepted"
                readable.append(record)
