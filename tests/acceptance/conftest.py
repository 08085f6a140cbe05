"""A small pretend province, taken in, judged and published once for all tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

import samples
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.ledger import LOCAL_TIME
from warehouse.release import build_release
from warehouse.storage import Home, open_home

YEAR_END = datetime(2023, 12, 31, 23, 59, 59, tzinfo=LOCAL_TIME)


@dataclass(frozen=True)
class Province:
    """A judged home with two releases, and the truth about its files."""

    home: Home
    release_id: str
    year_end_release_id: str
    truth: Path

    def table(self, name: str) -> pl.DataFrame:
        """A table of the truth."""
        return pl.read_parquet(self.truth / f"{name}.parquet")

    def ask(self, sql: str, release_id: str | None = None) -> pl.DataFrame:
        """The answer of a published edition."""
        file = Path(str(self.home.releases)) / (release_id or self.release_id) / "analyst.duckdb"
        with duckdb.connect(str(file), read_only=True) as con:
            return con.execute(sql).pl()


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    root = tmp_path_factory.mktemp("province")
    samples.simulate(year=2023, scale=0.01, seed=7, dirt=0.02, all_extracts=True, out=root)
    home = open_home(root)
    record_sendings(home)
    judge_pending(home)
    year_end = build_release(home, until=YEAR_END)
    everything = build_release(home)
    return Province(home, everything.release_id, year_end.release_id, root / "truth")
