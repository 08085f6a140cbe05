"""Rows of golden deliveries about which nothing was said: right rows of every extract, accepted and as a clerk types them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from upath import UPath

from schemas.column_types import Amount, CodeList, ColumnType, Day, Moment, PartialDay, Share, WholeNumber, YesNo
from schemas.contract import Extract
from warehouse import archive
from warehouse.judging import judge
from warehouse.keys import token_key
from warehouse.ledger import LOCAL_TIME, Receipt, Sending, judgement_folder
from warehouse.storage import Home

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def judged(home: Home, file: Path, extract: Extract, delivery_id: str) -> Receipt:
    """A file judged as one of the extract's golden period."""
    sha256, size_bytes = archive.take_in(home, UPath(file))
    now = datetime.now(LOCAL_TIME)
    sending = Sending(
        delivery_id, delivery_id, extract.name, extract.suppliers[0], folder_of(extract).name, None, file.name, sha256,
        size_bytes, now, now, "delivered",
    )  # fmt: skip
    return judge(home, sending, token_key())


def written(home: Home, receipt: Receipt, name: str) -> pl.DataFrame:
    """What a judgement wrote under a name."""
    file = judgement_folder(home, receipt.rule_set_id, receipt.delivery_id) / f"{name}.parquet"
    return pl.read_parquet(str(file)) if file.exists() else pl.DataFrame(schema={"source_row": pl.Int64})


_PARTIAL_FORMS = {"day": "%d/%m/%Y", "month": "tháng %m/%Y", "year": "năm %Y"}


def as_typed(column_type: ColumnType, value: Any, precision: str | None) -> Any:
    """A value as a clerk types it into a cell: numbers and days as such, a choice by the word that is offered."""
    if value is None or isinstance(column_type, WholeNumber | Day | Moment | Amount):
        return value
    if isinstance(column_type, CodeList):
        return column_type.spellings[value]
    if isinstance(column_type, YesNo):
        return "Có" if value else "Không"
    if isinstance(column_type, Share):
        return f"{value * 100:.10g}%".replace(".", ",")
    if isinstance(column_type, PartialDay):
        return value.strftime(_PARTIAL_FORMS[precision or "day"])
    return value


def right_rows(home: Home, extract: Extract) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """Rows of a golden delivery nothing was said about: as they were accepted, and as a clerk would type them."""
    receipt = judged(home, delivery_of(extract), extract, f"golden-{extract.name}")
    unsaid = written(home, receipt, "findings").select("source_row").drop_nulls()
    accepted = written(home, receipt, "accepted").join(unsaid, on="source_row", how="anti")
    identifiers = written(home, receipt, "identifiers")
    known = accepted
    if identifiers.width > 1:
        known = accepted.join(identifiers.drop("delivery_id", "source_sheet"), on="source_row", how="left")
    rows = [
        {
            column.name: as_typed(column.type, row.get(column.name), row.get(f"{column.name}_precision"))
            for column in extract.columns
        }
        for row in known.iter_rows(named=True)
    ]
    return accepted, rows


def folder_of(extract: Extract) -> Path:
    """The first golden folder of an extract."""
    return min(path for path in (GOLDEN / extract.name).iterdir() if path.is_dir())


def delivery_of(extract: Extract) -> Path:
    """The file in it, as the department sent it."""
    (file,) = (path for path in folder_of(extract).iterdir() if not path.name.startswith("expected_"))
    return file
