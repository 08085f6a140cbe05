"""Withdrawals and corrections: what counts instead, what is told of it, and that no row is lost on the way."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.release.conftest import edition
from tests.warehouse.release.ledger_kit import AGENCY, HANOI, LedgerKit
from warehouse.impact import NoSuchDeliveryError, impact
from warehouse.intake import landed_files, record_sendings
from warehouse.judging import judge_pending
from warehouse.ledger import Sending, counting
from warehouse.ledger_slice import take_slice
from warehouse.release import build_release
from warehouse.standing import CORRECTIONS
from warehouse.storage import Home, open_home
from warehouse.withdrawing import withdraw

REPORT = "work_file_processing"
OTHER_AGENCY = "H54.01"


def on(day: int) -> datetime:
    return datetime(2023, 6, day, tzinfo=HANOI)


def take_back(ledger: LedgerKit, sending: Sending, day: int, supplier: str = "STTTT") -> Sending:
    rows = [{"withdrawn_delivery_id": sending.delivery_id}]
    return ledger.send("delivery_withdrawal", f"2023-06-{day:02d}", rows, received_at=on(day), supplier=supplier)


def status_of(home: Home, sending: Sending, until: datetime | None = None) -> str:
    judged, _ = counting(home, until)
    return next(status for each, status in judged if each.sending_id == sending.sending_id)


def test_what_was_withdrawn_or_corrected_shows_in_facts_coverage_and_conservation(
    home: Home, ledger: LedgerKit
) -> None:
    gone = ledger.send(REPORT, "2023-03", [{"files_online": 10}], received_at=on(1))
    older = ledger.send(REPORT, "2023-04", [{"files_online": 20}], received_at=on(1))
    newer = ledger.send(REPORT, "2023-04", [{"files_online": 25}], received_at=on(2))
    rows: list[dict[str, Any]] = [{"files_online": 30}, {"agency_code": OTHER_AGENCY, "files_online": 31}]
    ledger.send(REPORT, "2023-05", rows, rejected=[{"agency_code": "H54.18"}], received_at=on(3))
    mended: list[dict[str, Any]] = [
        {"files_online": 39},
        {"agency_code": "H54.18", "files_online": 38},
        {"agency_code": "H54.17"},
    ]
    corrected = ledger.send(REPORT, "2023-05", mended, received_at=on(4), part=CORRECTIONS)
    ledger.send(REPORT, "2023-02", [{"files_online": 1}], received_at=on(4), part=CORRECTIONS)
    take_back(ledger, gone, 5)
    take_back(ledger, newer, 5, supplier="VPUB")
    take_back(ledger, older, 6, supplier="STP")
    ledger.send("delivery_withdrawal", "2023-06-06", [{"withdrawn_delivery_id": "0" * 16}], received_at=on(6))

    assert build_release(home).is_published
    with edition(home) as con:
        facts = con.execute("SELECT period, agency_code, files_online FROM core.fact_work_file ORDER BY ALL").fetchall()
        assert [fact for fact in facts if fact[1] != "H54.17"] == [
            ("2023-04", AGENCY, 20),
            ("2023-05", OTHER_AGENCY, 31),
            ("2023-05", "H54.18", 38),
            ("2023-05", AGENCY, 39),
        ]
        coverage = con.execute(
            "SELECT period, state FROM quality.coverage WHERE extract = 'work_file_processing'"
            " AND period BETWEEN '2023-02' AND '2023-05' ORDER BY period"
        ).fetchall()
        assert coverage == [
            ("2023-02", "waiting"),
            ("2023-03", "withdrawn"),
            ("2023-04", "accepted"),
            ("2023-05", "accepted"),
        ]
        withdrawn = con.execute(
            "SELECT withdrawn_delivery_id, state, counts_instead FROM quality.withdrawal ORDER BY received_at, period, 1"
        ).fetchall()
        assert withdrawn == [
            (gone.delivery_id, "effective", None),
            (newer.delivery_id, "effective", older.delivery_id),
            (older.delivery_id, "not_own", older.delivery_id),
            ("0" * 16, "unknown", None),
        ]
        told = con.execute(
            "SELECT rule_code, found FROM quality.quarantine WHERE extract = 'delivery_withdrawal' ORDER BY ALL"
        ).fetchall()
        assert told == [("row.withdraws_anothers", older.delivery_id), ("row.withdraws_nothing", "0" * 16)]
        assert con.execute("FROM quality.correction").fetchall() == [
            (corrected.delivery_id, REPORT, "STTTT", "2023-05", 3, 1, 1, 1)
        ]
        assert con.execute("SELECT count(*) FROM quality.conservation WHERE difference_rows <> 0").fetchone() == (0,)
        unread = con.execute("SELECT count(*) FROM quality.delivery WHERE status = 'withdrawn'").fetchone()
        assert unread == (2,)


def test_a_withdrawal_holds_from_the_moment_it_was_received(home: Home, ledger: LedgerKit) -> None:
    older = ledger.send(REPORT, "2023-05", [{"files_online": 20}], received_at=on(1))
    newer = ledger.send(REPORT, "2023-05", [{"files_online": 25}], received_at=on(2))
    identity = take_slice(home, until=on(4)).identity
    take_back(ledger, newer, 5)
    assert (status_of(home, older), status_of(home, newer)) == ("accepted", "withdrawn")
    assert (status_of(home, older, on(4)), status_of(home, newer, on(4))) == ("superseded", "accepted")
    assert take_slice(home, until=on(4)).identity == identity
    again = ledger.send(REPORT, "2023-05", [{"files_online": 25}], received_at=on(7))
    assert [status_of(home, each) for each in (older, newer, again)] == ["superseded", "withdrawn", "accepted"]


STEPS: tuple[tuple[str, int, str | None, dict[str, Any]], ...] = (
    (REPORT, 1, None, {"files_online": 20}),
    (REPORT, 2, None, {"files_online": 25}),
    (REPORT, 3, CORRECTIONS, {"files_online": 26}),
    (REPORT, 4, None, {"files_online": 27}),
    ("delivery_withdrawal", 5, None, {"withdrawn_delivery_id": "the report of the fourth"}),
    (REPORT, 6, CORRECTIONS, {"files_online": 28}),
    ("delivery_withdrawal", 5, None, {"withdrawn_delivery_id": "f" * 16}),
)


def take(ledger: LedgerKit, step: tuple[str, int, str | None, dict[str, Any]], fourth: str) -> Sending:
    extract, day, part, row = step
    named = {name: fourth if value == "the report of the fourth" else value for name, value in row.items()}
    if extract == REPORT:
        return ledger.send(REPORT, "2023-05", [named], received_at=on(day), part=part)
    return ledger.send(extract, f"2023-06-{day:02d}", [named], received_at=on(day), supplier="VPUB")


@given(st.permutations(STEPS), st.lists(st.sampled_from(STEPS), max_size=4))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_repetition_of_taking_in_gives_the_same_statuses(
    tmp_path_factory: pytest.TempPathFactory,
    order: list[tuple[str, int, str | None, dict[str, Any]]],
    again: list[tuple[str, int, str | None, dict[str, Any]]],
) -> None:
    fourth = take(LedgerKit(open_home(tmp_path_factory.mktemp("elsewhere"))), STEPS[3], "").delivery_id
    ledger = LedgerKit(open_home(tmp_path_factory.mktemp("order")))
    for step in [*order, *again]:
        take(ledger, step, fourth)
    judged, _ = counting(ledger.home)
    of_report = sorted((each.received_at.day, status) for each, status in judged if each.extract == REPORT)
    assert of_report == [(1, "superseded"), (2, "accepted"), (3, "accepted"), (4, "withdrawn"), (6, "accepted")]
    assert [status for each, status in judged if each.extract != REPORT] == ["accepted", "accepted"]


def test_a_withdrawal_typed_by_a_person_lands_is_judged_and_says_what_it_reaches(home: Home, ledger: LedgerKit) -> None:
    older = ledger.send(REPORT, "2023-05", [{"files_online": 20}], received_at=on(1))
    newer = ledger.send(REPORT, "2023-05", [{"files_online": 25}], received_at=on(2))
    with pytest.raises(NoSuchDeliveryError):
        withdraw(home, "0" * 16, by="Trần Thị Rút", reason="Gửi nhầm")
    withdraw(home, newer.delivery_id, by="Trần Thị Rút", reason="Gửi nhầm")
    (recorded,) = record_sendings(home)
    judge_pending(home, workers=1)
    assert (status_of(home, older), status_of(home, newer)) == ("accepted", "withdrawn")
    found = impact(home, recorded.delivery_id)
    assert found.withdraws == (newer.delivery_id,)
    assert {"core.fact_work_file", "quality.withdrawal"} <= set(found.tables)
    assert (found.first_on.isoformat(), found.last_on.isoformat()) == ("2023-05-01", "2023-05-31")
    assert {"T03"} <= {figure.kpi_code for figure in found.figures}
    taken_back = impact(home, newer.delivery_id)
    assert (taken_back.status, taken_back.replaced) == ("withdrawn", older.delivery_id)


def test_a_folder_below_the_periods_holds_corrections_where_the_extract_takes_them(home: Home) -> None:
    for extract, supplier, period in ((REPORT, "STTTT", "2023-05"), ("one_stop_dossier", "VPUB", "2023-05-17")):
        file = Path(str(home.landing), extract, supplier, period, "dinh-chinh", "sua.csv")
        file.parent.mkdir(parents=True)
        file.write_text("a\n1\n")
    (corrections,), (stray,) = landed_files(home)
    assert (corrections.extract, corrections.part) == (REPORT, CORRECTIONS)
    assert "one_stop_dossier" in stray.relative
    assert "takes no corrections" in stray.reason_en
