"""What must hold of a home at any moment, seen from outside: nothing in it that can be read is half of something.

How it came into that state is none of this module's business.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import orjson
import pyarrow.parquet as pq
import zstandard

from warehouse.ledger import read_sendings
from warehouse.parquet import SEALED
from warehouse.storage import Home


def check_whole(home: Home) -> None:
    """Assert that every sending has its bytes, every receipt its rows, every release all of itself."""
    _check_sendings(home)
    _check_receipts(home)
    _check_releases(home)


def _check_sendings(home: Home) -> None:
    for sending in read_sendings(home):
        packed = Path(str(home.archive)) / sending.sha256[:2] / f"{sending.sha256}.zst"
        with packed.open("rb") as stream:
            content = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True).read()
        assert hashlib.sha256(content).hexdigest() == sending.sha256
        assert len(content) == sending.size_bytes


def _check_receipts(home: Home) -> None:
    judgements = Path(str(home.ledger)) / "judgements"
    for file in judgements.glob("*/*/receipt.json"):
        receipt = orjson.loads(file.read_bytes())
        for name, rows in receipt["files"].items():
            parquet = file.with_name(f"{name}.parquet")
            assert not parquet.with_name(parquet.name + SEALED).exists()
            assert pq.read_metadata(parquet).num_rows == rows
        rules = Path(str(home.ledger)) / "rule_sets" / receipt["rule_set_id"]
        assert (rules / "rule_set.json").exists()
        assert pq.read_metadata(rules / "rules.parquet").num_rows


def _check_releases(home: Home) -> None:
    folder = Path(str(home.releases))
    for release in folder.glob("[!.]*"):
        if release.is_dir() and not release.is_symlink():
            check_release(release)
    current = folder / "current"
    assert current.is_symlink() == current.exists(), "the pointer never points to nothing"
    if current.exists():
        assert (folder / current.readlink() / "analyst.duckdb").exists()
        text = folder / "current.txt"
        # The text follows the link; between the two it may be one behind, but never of no release.
        assert not text.exists() or (folder / text.read_text("utf-8").strip()).is_dir()


def check_release(release: Path) -> None:
    """Assert that both editions of a published release hold what its record says."""
    record = json.loads((release / "release.json").read_text("utf-8"))
    assert record["release_id"] == release.name
    assert not any(record["audits"].values())
    for edition in ("analyst", "restricted"):
        with duckdb.connect(str(release / f"{edition}.duckdb"), read_only=True) as con:
            assert con.sql("SELECT release_id FROM meta.release").fetchall() == [(release.name,)]
            names = con.sql("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
            # Counted: the size that the catalog tells has the rows in it that were replaced.
            tables = [(name, len(con.table(name))) for (name,) in names]
        said = {name: table["rows"] for name, table in record["tables"].items()} | record["history"]
        assert dict(tables) == {name: said[name] for name, _ in tables}
        assert {name for name, _ in tables} >= {"core.fact_dossier", "mart.kpi_scorecard", "quality.delivery"}
