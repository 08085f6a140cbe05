"""One simulated year at a hundredth of the size, made once and read by every test of this room."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from samples import simulate

SCALE = 0.01


@dataclass(frozen=True)
class Year:
    """A simulated year on disk and its truth."""

    landing: Path
    figures: Mapping[str, Mapping[str, Any]]
    sendings: pl.DataFrame
    rows: pl.DataFrame
    findings: pl.DataFrame
    missing: pl.DataFrame


def read_year(out: Path) -> Year:
    truth = out / "truth"
    return Year(
        landing=out / "landing",
        figures=json.loads((truth / "figures.json").read_text(encoding="utf-8"))["figures"],
        sendings=pl.read_parquet(truth / "sendings.parquet"),
        rows=pl.read_parquet(truth / "rows.parquet"),
        findings=pl.read_parquet(truth / "findings.parquet"),
        missing=pl.read_parquet(truth / "missing.parquet"),
    )


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    out = tmp_path_factory.mktemp("year")
    simulate(out=out, scale=SCALE, seed=1)
    return read_year(out)


@pytest.fixture(scope="session")
def clean_year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    out = tmp_path_factory.mktemp("clean")
    simulate(out=out, scale=0.002, seed=1, dirt=0)
    return read_year(out)
