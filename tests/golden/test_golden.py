"""Every golden folder `<extract>/<period>/` holds one delivery, the rows that must be accepted and the findings expected.

To see a changed outcome as a diff: `REWRITE_GOLDEN=1 pytest tests/golden`, then read what git shows.
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest
from upath import UPath

from schemas.extracts import all_extracts
from warehouse import archive
from warehouse.judging import judge
from warehouse.keys import token_key
from warehouse.ledger import LOCAL_TIME, Receipt, Sending, judgement_folder
from warehouse.storage import Home, open_home

HERE = Path(__file__).parent
FOLDERS = sorted(path for path in HERE.glob("*/*") if path.is_dir() and path.name != "__pycache__")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def _judged(home: Home, file: Path, extract: str, period: str) -> Receipt:
    from datetime import datetime

    sha256, size_bytes = archive.take_in(home, UPath(file))
    now = datetime.now(LOCAL_TIME)
    supplier = all_extracts()[extract].suppliers[0]
    sending = Sending(
        "s", "golden", extract, supplier, period, None, file.name, sha256, size_bytes, now, now, "delivered"
    )
    return judge(home, sending, token_key())


def _written(home: Home, receipt: Receipt, name: str) -> pl.DataFrame:
    file = judgement_folder(home, receipt.rule_set_id, receipt.delivery_id) / f"{name}.parquet"
    return pl.read_parquet(str(file)) if file.exists() else pl.DataFrame()


def _places(frame: pl.DataFrame) -> set[int]:
    return set(frame["source_row"]) if frame.width else set()


def _as_csv(frame: pl.DataFrame, *without: str) -> str:
    kept = frame.select(pl.exclude("delivery_id", "^.*_token$", *without)) if frame.width else frame
    return kept.write_csv(null_value="∅", line_terminator="\n")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_the_delivery_is_split_as_expected(folder: Path, home: Home) -> None:
    (file,) = (path for path in folder.iterdir() if not path.name.startswith("expected_"))
    receipt = _judged(home, file, folder.parent.name, folder.name)
    findings = _written(home, receipt, "findings")
    sortable = findings.sort("source_row", "rule_code", nulls_last=False) if findings.width else findings
    outcome = {
        "expected_accepted.csv": _as_csv(_written(home, receipt, "accepted")),
        "expected_findings.csv": _as_csv(sortable, "source_sheet"),
    }
    if os.environ.get("REWRITE_GOLDEN"):
        for name, text in outcome.items():
            (folder / name).write_text(text, "utf-8")
    for name, text in outcome.items():
        expected = folder / name
        assert expected.exists(), f"{expected} is missing; REWRITE_GOLDEN=1 writes it"
        assert text == expected.read_text("utf-8"), f"{name} of {folder}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_no_row_is_lost_or_in_two_places(folder: Path, home: Home) -> None:
    (file,) = (path for path in folder.iterdir() if not path.name.startswith("expected_"))
    receipt = _judged(home, file, folder.parent.name, folder.name)
    assert receipt.rows_read is not None
    assert receipt.rows_structural is not None
    assert receipt.positions == (receipt.rows_set_aside or 0) + receipt.rows_read
    assert receipt.rows_read == receipt.rows_accepted + receipt.rows_quarantined + receipt.rows_structural
    accepted, quarantined = (_places(_written(home, receipt, name)) for name in ("accepted", "quarantined"))
    assert not accepted & quarantined
    assert len(accepted) == receipt.rows_accepted
    assert len(quarantined) == receipt.rows_quarantined


def test_every_extract_has_a_golden_folder() -> None:
    assert {folder.parent.name for folder in FOLDERS} == set(all_extracts())
