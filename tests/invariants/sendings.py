"""Sendings as a test holds them in its hand: taken from the pretend province, dropped into a home in any order.

What a home must look like afterwards is said in the tests.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from warehouse.ledger import delivery_id_of
from warehouse.publishing import find_release
from warehouse.standing import corrections_of
from warehouse.storage import Home

Hashes = Mapping[str, tuple[int, str]]
"""Rows and content hash by table."""


@dataclass(frozen=True)
class Sent:
    """One file as a department sends it."""

    extract: str
    supplier: str
    period: str
    name: str
    content: bytes
    received_at: datetime
    origin: str = "simulated"
    is_corrections: bool = False

    @property
    def delivery_id(self) -> str:
        """What the ledger calls its content in its slot."""
        part = corrections_of(None) if self.is_corrections else None
        return delivery_id_of(hashlib.sha256(self.content).hexdigest(), *self.slot, part)

    def named(self, name: str) -> Sent:
        """The same sending, lying under another name."""
        return replace(self, name=name)

    @property
    def slot(self) -> tuple[str, str, str]:
        """What it was owed for."""
        return self.extract, self.supplier, self.period

    @property
    def place(self) -> str:
        """Where it lands, below `landing/`."""
        folder = "dinh-chinh/" if self.is_corrections else ""
        return f"{self.extract}/{self.supplier}/{self.period}/{folder}{self.name}"

    def land(self, home: Home, *, modified_at: float | None = None) -> Path:
        """Drop the file and its manifest into the landing folder; `modified_at` is the file time (seconds since 1970)."""
        file = Path(str(home.landing)) / self.place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.content)
        manifest = {
            "extract": self.extract,
            "supplier": self.supplier,
            "period": self.period,
            "received_at": self.received_at.isoformat(),
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "origin": self.origin,
        }
        beside = file.with_name(f"{file.name}.manifest.json")
        beside.write_text(json.dumps(manifest), encoding="utf-8")
        if modified_at is not None:
            os.utime(file, (modified_at, modified_at))
        return file


def sent_from(province: Path, chosen: pl.DataFrame) -> list[Sent]:
    """The sendings of some rows of `truth/sendings.parquet`, in the order of arrival."""
    return [
        Sent(
            extract=row["extract"],
            supplier=row["supplier"],
            period=row["period"],
            name=Path(row["path"]).name,
            content=(province / "landing" / row["path"]).read_bytes(),
            received_at=row["received_at"],
        )
        for row in chosen.sort("received_at", "sha256").iter_rows(named=True)
    ]


def of_slots_with(truth: pl.DataFrame, defects: Mapping[str, Iterable[str]]) -> pl.DataFrame:
    """All sendings of the first slot of an extract that has a file defect; `defects` names the defects by extract."""
    slots = [
        truth.filter((pl.col("extract") == extract) & (pl.col("file_defect") == defect))
        .sort("period")
        .head(1)
        .select("extract", "supplier", "period")
        for extract, names in defects.items()
        for defect in names
    ]
    assert all(slot.height for slot in slots), "the pretend province has every defect that is asked for"
    return truth.join(pl.concat(slots).unique(), on=["extract", "supplier", "period"], how="semi")


def published_hashes(home: Home) -> Hashes:
    """What the current release says it holds."""
    release = find_release(home)
    assert release is not None
    return {name: (table["rows"], table["hash"]) for name, table in release.record["tables"].items()}
