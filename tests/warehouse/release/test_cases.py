"""The SQL of the release, tried on small ledgers: each case in `cases/` gives sendings and expects rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.warehouse.release.conftest import edition
from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse.release import build_release
from warehouse.storage import Home

CASES = [
    pytest.param(case, id=f"{file.stem}: {case['case']}")
    for file in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load_all(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any], home: Home, ledger: LedgerKit) -> None:
    for sending in case["given"]:
        ledger.send_text(sending)
    outcome = build_release(home)
    assert outcome.is_published, outcome.failed_audits
    with edition(home) as con:
        for expected in case["expect"]:
            found = [tuple(map(_plain, row)) for row in con.execute(expected["query"]).fetchall()]
            assert found == [tuple(map(_plain, row)) for row in expected["rows"]], expected["query"]


def _plain(value: Any) -> Any:
    """Dates as ISO texts: YAML reads some of what a case writes as dates."""
    return value.isoformat() if hasattr(value, "isoformat") else value
