"""The delivery that is judged: a CSV file of simulated dossiers, one row in a hundred spoilt, the same bytes every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from samples.people import make_people
from samples.province import load_province
from schemas.extracts import all_extracts

ROWS = 1_000_000
_SEED = 2023
_SPOILT_SHARE = 0.01
_SPOILT: tuple[tuple[str, pl.Expr], ...] = (
    ("dossier_code", pl.col("dossier_code").str.replace("H54", "H5", literal=True)),
    ("channel_code", pl.lit("7")),
    ("citizen_number", pl.col("citizen_number").str.slice(1)),
    ("received_on", pl.lit("2023-02-30")),
    ("received_on", pl.col("received_on").str.replace_all("-", "") + "091500"),
    ("finished_on", pl.lit("31/11/2023")),
    ("finished_on", pl.col("finished_on").str.replace_all("-", "") + "163000"),
    ("finished_on", pl.lit("2022-12-30")),
    ("unit_code", pl.lit("xã Đông Hoà")),
    ("amount_due_vnd", pl.lit("năm mươi nghìn")),
)
"""What happens to a spoilt row: a column and what is written there instead."""


def write_delivery(path: Path, rows: int = ROWS) -> None:
    """Write `rows` dossiers; about 1 % break a rule, a tenth of those by repeating a row or a key."""
    rng = np.random.default_rng(_SEED)
    clean = _clean(rng, rows)
    kind = pl.Series("kind", rng.integers(0, len(_SPOILT), rows)).set(
        pl.Series(rng.random(rows) >= _SPOILT_SHARE * 0.9), None
    )
    spoilt = clean.with_columns(kind).with_columns(_spoilt(name) for name in dict.fromkeys(name for name, _ in _SPOILT))
    source = pl.int_range(rows, dtype=pl.Int64, eager=True).to_numpy().copy()
    twins = rng.choice(np.arange(1, rows), int(rows * _SPOILT_SHARE * 0.1), replace=False)
    source[twins] = twins - 1
    amount = pl.Series(np.isin(np.arange(rows), twins[::2]))
    twinned = spoilt.drop("kind")[source].with_columns(
        amount_due_vnd=pl.when(amount).then(pl.lit("123456")).otherwise("amount_due_vnd")
    )
    headers = {column.name: column.headers[0] for column in all_extracts()["dossier_million"].columns}
    twinned.select(pl.col(name).alias(header) for name, header in headers.items()).write_csv(path)


def _spoilt(name: str) -> pl.Expr:
    value = pl.col(name)
    for kind, (column, written) in enumerate(_SPOILT):
        if column == name:
            value = pl.when(pl.col("kind") == kind).then(written).otherwise(value)
    return value.alias(name)


def _clean(rng: np.random.Generator, rows: int) -> pl.DataFrame:
    people = make_people(_SEED, rows // 3)
    person = rng.integers(0, len(people), rows)
    communes = load_province().communes
    commune = rng.integers(0, communes.height, rows)
    procedure = rng.integers(1000, 1800, rows)
    received = np.datetime64("2023-01-01") + np.arange(rows) * 364 // rows
    finished = received + rng.integers(0, 20, rows)
    at = pl.Series("received", received).cast(pl.Date)
    ended = pl.Series("finished", finished).cast(pl.Date)
    number = pl.Series("number", np.arange(rows) % 1_000_000).cast(pl.String).str.zfill(6)
    code = pl.Series("procedure", procedure).cast(pl.String)
    return pl.DataFrame(
        {
            "dossier_code": "000.00.53.H54-" + at.dt.strftime("%y%m%d") + "-" + number,
            "procedure_code": "1.00" + code,
            "procedure_name": "Đăng ký, cấp lại giấy xác nhận số " + code,
            "field_code": "G" + pl.Series(procedure % 40).cast(pl.String).str.zfill(2),
            "channel_code": pl.Series(rng.integers(1, 4, rows)).cast(pl.String),
            "applicant_name": people.names.gather(person),
            "citizen_number": people.citizen_numbers.gather(person),
            "received_on": at.cast(pl.String),
            "finished_on": ended.cast(pl.String),
            "agency_code": "H54." + pl.Series(rng.integers(1, 60, rows)).cast(pl.String).str.zfill(2),
            "submission_place": pl.Series(np.where(rng.random(rows) < 0.7, "Cổng dịch vụ công", "Bộ phận một cửa")),
            "unit_code": communes["unit_code"].gather(commune),
            "unit_name": communes["full_name"].gather(commune),
            "amount_due_vnd": pl.Series(rng.integers(0, 40, rows) * 5000).cast(pl.String),
            "updated_at": ended.cast(pl.String) + "T14:03:22",
        }
    )
