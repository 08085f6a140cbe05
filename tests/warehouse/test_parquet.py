"""Parquet files of the ledger, wherever the home lies and whether they are sealed or not."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from warehouse import keys
from warehouse.parquet import BatchWriter, opened_private
from warehouse.storage import open_home


@pytest.mark.parametrize("is_sealed", [False, True])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_was_written_is_read_on_any_home_sealed_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool, is_sealed: bool
) -> None:
    if is_sealed:
        monkeypatch.setenv(keys.ENCRYPTION_VARIABLE, "5a" * 32)
    home = open_home(f"memory://parquet/{tmp_path.name}" if elsewhere else tmp_path)
    frame = pl.DataFrame({"source_row": [1, 2, 3]})
    written = BatchWriter(home, home.ledger / "rows.parquet", private=True)
    written.write(frame)
    written.finish()
    with opened_private(home, home.ledger / "rows.parquet") as local:
        assert local is not None
        assert pl.read_parquet(local).equals(frame)
    with opened_private(home, home.ledger / "none.parquet") as nothing:
        assert nothing is None
    assert not list(home.scratch.glob("*.parquet"))
