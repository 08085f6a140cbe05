"""A home that fetches, and how its sources are declared and its deliveries looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.ledger import Receipt, judgement_folder
from warehouse.pulls.pulling import Note, pull_all
from warehouse.storage import Home, open_home

DAY = "2023-05-17"
SECRET = "bi-mat-KHONG-lo-8f31c2"
"""Planted, and hunted in everything that is written."""


@dataclass(frozen=True)
class Fetching:
    """A home and the declaration of its one source."""

    home: Home

    def declare(self, text: str, **files: str) -> None:
        """Write `pulls.toml` and the SQL files beside it."""
        root = Path(str(self.home.root))
        (root / "pulls.toml").write_text(text, encoding="utf-8")
        for name, content in files.items():
            (root / f"{name}.sql").write_text(content, encoding="utf-8")

    def pull(self, environment: Mapping[str, str], period: str = DAY) -> Note:
        """Ask the source."""
        (note,) = pull_all(self.home, period=period, environment=environment)
        return note

    def take_in(self) -> list[Receipt]:
        """Record and judge what has landed; the receipts of what is new."""
        record_sendings(self.home)
        return judge_pending(self.home)

    def rows(self, receipt: Receipt) -> pl.DataFrame:
        """The rows accepted from a delivery."""
        folder = judgement_folder(self.home, receipt.rule_set_id, receipt.delivery_id)
        return pl.read_parquet(str(folder / "accepted.parquet"))

    def landed(self) -> list[Path]:
        """Files that were fetched, manifests apart."""
        return sorted(Path(str(self.home.root / "landing")).rglob("*.jsonl"))

    def written(self) -> bytes:
        """Every byte below the home but the declarations."""
        return b"".join(file.read_bytes() for file in Path(str(self.home.root)).rglob("*") if file.is_file())


@pytest.fixture
def fetching(tmp_path: Path) -> Fetching:
    """An empty home."""
    return Fetching(open_home(tmp_path / "home"))
