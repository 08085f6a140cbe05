"""What a delivery reaches is said before anything is built."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.warehouse.release.ledger_kit import HANOI, LedgerKit
from warehouse.impact import NoSuchDeliveryError, impact, tables_reached
from warehouse.storage import Home, open_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def test_a_late_change_reaches_back_to_the_days_of_its_rows(home: Home) -> None:
    ledger = LedgerKit(home)
    sending = ledger.send("one_stop_dossier", "2024-01-10", [{"received_on": date(2023, 11, 2)}])
    found = impact(home, sending.delivery_id)
    assert (found.status, found.rows, found.replaced) == ("accepted", 1, None)
    assert (found.first_on, found.last_on) == (date(2023, 5, 17), date(2024, 1, 10))
    assert {"core.fact_dossier", "mart.kpi_scorecard"} <= set(found.tables)
    codes = {figure.kpi_code for figure in found.figures}
    assert {"O01", "P01"} <= codes
    assert not {"T05", "T06"} & codes, "work files and fibre come from elsewhere"


def test_a_corrected_file_names_the_one_it_takes_the_place_of(home: Home) -> None:
    ledger = LedgerKit(home)
    first, second = (
        ledger.send("work_file_processing", "2023-05", [{"files_online": online}], received_at=at)
        for online, at in ((80, _on(5)), (90, _on(6)))
    )
    assert impact(home, second.delivery_id).replaced == first.delivery_id
    older = impact(home, first.delivery_id)
    assert (older.status, older.is_counting) == ("superseded", False)


def _on(day: int) -> datetime:
    return datetime(2023, 6, day, tzinfo=HANOI)


def test_what_is_read_through_other_tables_is_reached_too() -> None:
    reached = tables_reached("procedure_catalogue")
    assert reached.index("core.dim_service") < reached.index("mart.kpi_scorecard")
    assert "core.fact_dossier" not in tables_reached("taxpayer")


def test_a_delivery_that_nobody_sent_is_no_delivery(home: Home) -> None:
    with pytest.raises(NoSuchDeliveryError):
        impact(home, "0" * 16)
