"""Fixtures of the release tests: a small ledger to write and the release built from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse import duck
from warehouse.publishing import find_release
from warehouse.release import build_release
from warehouse.storage import Home, open_home

Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home) -> LedgerKit:
    return LedgerKit(home)


@contextmanager
def edition(home: Home, name: str = "restricted") -> Iterator[duckdb.DuckDBPyConnection]:
    """The current release's file of that edition, opened as a reader would."""
    release = find_release(home)
    assert release is not None
    con = duck.connect(release.folder / f"{name}.duckdb", read_only=True)
    try:
        yield con
    finally:
        con.close()


@pytest.fixture
def query(home: Home) -> Query:
    """Build a release of the ledger as it is and ask its restricted edition."""

    def ask(sql: str) -> list[tuple[Any, ...]]:
        outcome = build_release(home)
        assert outcome.is_published, outcome.failed_audits
        with edition(home) as con:
            return con.execute(sql).fetchall()

    return ask
