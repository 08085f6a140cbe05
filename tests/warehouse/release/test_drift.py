"""A file that leaves the history of its own kind is told, and nothing of it is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.warehouse.release.conftest import edition
from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse.release import build_release
from warehouse.storage import Home

EXTRACT = "essential_service_report"
MONTHS = [f"2023-{month:02d}" for month in range(1, 9)]
USUAL = [100, 104, 98, 101, 99, 102, 100]


def send_months(
    ledger: LedgerKit, supplier: str, medians: Sequence[float], *, filled: Sequence[int] = (), headers: str = "aaaaaaaa"
) -> None:
    """A file a month with ten rows: the median of a column, how many of its rows are filled, what stands for its titles."""
    for at, (month, median) in enumerate(zip(MONTHS, medians, strict=False)):
        profile: dict[str, dict[str, float | int | None]] = {
            "dossiers_total": {
                "filled": filled[at] if filled else 10, "distinct": 10, "least": 1.0, "median": median, "most": 1e3
            },
            "problems": {"filled": 0, "distinct": 0, "least": None, "median": None, "most": None},
        }  # fmt: skip
        rows = [{"procedure_code": f"1.{at:02d}{row:04d}"} for row in range(10)]
        ledger.send(EXTRACT, month, rows, supplier=supplier, header=headers[at], profile=profile)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """What one release says of suppliers of different kinds."""
    from warehouse.storage import open_home

    home: Home = open_home(tmp_path_factory.mktemp("home"))
    ledger = LedgerKit(home)
    send_months(ledger, "CATB", [*USUAL, 103])
    send_months(ledger, "STP", [*USUAL, 1_030])
    send_months(ledger, "SYT", [*USUAL[:5], 1_030])
    send_months(ledger, "SNV", [100] * 8, filled=[10] * 7 + [4])
    send_months(ledger, "SXD", [100, 500, 30, 800, 60, 400, 200, 900])
    send_months(ledger, "SCT", [100] * 8, headers="aaaabbba")
    ledger.send(EXTRACT, "2023-01", supplier="SGTVT", refused="file.empty", header="c")
    outcome = build_release(home)
    assert outcome.is_published, outcome.failed_audits
    queries = {
        "columns": "SELECT supplier_code, period, column_name, measure, value, usual_value, periods_compared, "
        "message_vi, message_en FROM quality.column_drift ORDER BY ALL",
        "headers": "SELECT supplier_code, period, previous_period FROM quality.header_drift ORDER BY ALL",
        "profile": "SELECT DISTINCT column_name, rows, filled, filled_share FROM quality.column_profile "
        "JOIN quality.delivery USING (delivery_id) WHERE supplier_code = 'CATB' ORDER BY ALL",
        "accepted": "SELECT count(*) FROM quality.delivery WHERE status = 'accepted'",
    }
    with edition(home) as con:
        return {name: con.execute(query).fetchall() for name, query in queries.items()}


def test_only_what_leaves_its_own_history_is_told(told: dict[str, list[tuple[Any, ...]]]) -> None:
    found = [row[:4] for row in told["columns"]]
    assert found == [
        ("SNV", "2023-08", "dossiers_total", "filled_share"),
        ("STP", "2023-08", "dossiers_total", "median_value"),
    ]


def test_it_is_told_with_what_it_was_and_is(told: dict[str, list[tuple[Any, ...]]]) -> None:
    (filled, median) = told["columns"]
    assert filled[4:] == (
        0.4, 1.0, 7,
        "Có giá trị ở 40% số dòng; các kỳ trước khoảng 100%.", "Filled in 40% of rows; before, about 100%.",
    )  # fmt: skip
    assert median[4:7] == (1030.0, 100.0, 7)
    assert median[8] == "Median 1030.0; before, about 100.0."


def test_other_titles_than_the_month_before_are_told_once_for_each_change(
    told: dict[str, list[tuple[Any, ...]]],
) -> None:
    assert told["headers"] == [("SCT", "2023-05", "2023-04"), ("SCT", "2023-08", "2023-07")]


def test_the_profile_says_how_many_rows_are_filled(told: dict[str, list[tuple[Any, ...]]]) -> None:
    assert told["profile"] == [("dossiers_total", 10, 10, 1.0), ("problems", 10, 0, 0.0)]


def test_a_warning_refuses_nothing(told: dict[str, list[tuple[Any, ...]]]) -> None:
    assert told["accepted"] == [(8 + 8 + 6 + 8 + 8 + 8,)]
