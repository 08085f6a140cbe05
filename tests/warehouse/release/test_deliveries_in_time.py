"""Withdrawals and corrections: what counts instead, what is told of it, and that no row is lost on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
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


def test_a_delivery_that_the_clock_takes_for_one_of_tomorrow_is_withdrawn_all_the_same(
    home: Home, ledger: LedgerKit
) -> None:
    tomorrow = datetime.now(HANOI) + timedelta(days=1)
    sent = ledger.send(REPORT, "2023-05", [{"files_online": 20}], received_at=tomorrow)
    withdraw(home, sent.delivery_id, by="Trần Thị Rút", reason="Gửi nhầm")
    record_sendings(home)
    judge_pending(home, workers=1)
    assert status_of(home, sent) == "withdrawn"


def test_a_folder_below_the_periods_holds_corrections_where_the_extract_takes_them(home: Home) -> None:
    for extract, supplier, period in ((REPORT, "STTTT", "2023-05"), ("one_stop_dossier", "VPUB", "2023-05-17")):
        file = Path(str(home.landing), extract, supplier, period, "dinh-chinh", "sua.csv")
        file.parent.mkdir(parents=True)
        file.write_text("a\n1\n")
    (corrections,), (stray,) = landed_files(home)
    assert (corrections.extract, corrections.part) == (REPORT, CORRECTIONS)
    assert "one_stop_dossier" in stray.relative
    assert "takes no corrections" in stray.reason_en


def test_what_a_supplier_deletes_leaves_the_facts_until_it_is_said_again(home: Home, ledger: LedgerKit) -> None:
    def state(dossier: str, day: int, *, is_deleted: bool | None = None) -> dict[str, Any]:
        at = datetime.fromisoformat(f"2023-05-{day}T09:00:00")
        return {"dossier_code": dossier, "updated_at": at, "is_deleted": is_deleted, "status_code": 4}

    deletes = {"is_deleted": {"filled": 1}}
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    ledger.send("one_stop_dossier", "2023-05-17", [state("gone", 17), state("back", 17), state("stays", 17)])
    tombstones = [state("gone", 18, is_deleted=True), state("back", 18, is_deleted=True), state("stays", 18)]
    deleting = ledger.send("one_stop_dossier", "2023-05-18", tombstones, profile=deletes)
    # An older state that turns up later says nothing against it, a newer one does.
    late = ledger.send("one_stop_dossier", "2023-05-19", [state("gone", 16), state("back", 19)])
    paid = {"payment_no": "GD-20230517-000001", "dossier_code": "stays"}
    ledger.send("dossier_payment", "2023-05-17", [paid, {**paid, "payment_no": "GD-20230517-000002"}])
    ledger.send("dossier_payment", "2023-05-18", [{**paid, "is_deleted": True}], profile=deletes)

    assert build_release(home).is_published
    with edition(home) as con:
        dossiers = con.execute(
            "SELECT dossier_code, updated_at::DATE::VARCHAR FROM core.fact_dossier ORDER BY 1"
        ).fetchall()
        assert dossiers == [("back", "2023-05-19"), ("stays", "2023-05-18")]
        assert con.execute("SELECT payment_no FROM core.fact_dossier_payment").fetchall() == [("GD-20230517-000002",)]
        deleted = con.execute(
            "SELECT delivery_id, rows_deleting, rows_deleted FROM quality.deletion WHERE extract = 'one_stop_dossier'"
        ).fetchall()
        first = ledger.sent[1].delivery_id
        assert sorted(deleted) == sorted([(deleting.delivery_id, 2, 0), (late.delivery_id, 0, 1), (first, 0, 2)])
        sums = con.execute(
            "SELECT total_rows, explained_rows FROM quality.conservation WHERE subject = 'core.fact_dossier'"
        ).fetchall()
        assert sums == [(8, 8)]
        assert con.execute("SELECT count(*) FROM quality.conservation WHERE difference_rows <> 0").fetchone() == (0,)


def test_codes_that_no_list_has_wait_and_are_healed_by_a_list_that_comes_later(home: Home, ledger: LedgerKit) -> None:
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    rows = [{"dossier_code": "new procedure", "procedure_code": "1.000009"}, {"agency_code": "H54.77"}]
    ledger.send("one_stop_dossier", "2023-05-17", rows)
    ledger.send("work_file_processing", "2023-05", [{"agency_code": "H54.77"}])
    ledger.send("procedure_catalogue", "2023-01-02", [{}, {"procedure_code": "1.000009"}], received_at=on(20))
    assert build_release(home).is_published
    with edition(home, "analyst") as con:
        told = con.execute(
            "SELECT extract, code, dimension, rows_waiting, rows_healed, deliveries, first_on::VARCHAR, state"
            " FROM quality.unknown_code ORDER BY ALL"
        ).fetchall()
        assert told == [
            ("one_stop_dossier", "1.000009", "core.dim_service", 0, 1, 1, "2023-05-17", "healed"),
            ("one_stop_dossier", "H54.77", "core.dim_agency", 1, 0, 1, "2023-05-17", "waiting"),
            ("work_file_processing", "H54.77", "core.dim_agency", 1, 0, 1, "2023-05-01", "waiting"),
        ]
        assert con.execute("SELECT dossier_code FROM core.fact_dossier").fetchall() == [("new procedure",)]


@pytest.mark.slow
def test_the_content_of_a_release_does_not_depend_on_what_was_taken_in_first(tmp_path: Path) -> None:
    def deleted(day: int, *, is_deleted: bool) -> dict[str, Any]:
        return {"updated_at": datetime.fromisoformat(f"2023-05-{day}T09:00:00"), "is_deleted": is_deleted}

    def dossiers(ledger: LedgerKit, day: int, *, is_deleted: bool) -> Sending:
        profile = {"is_deleted": {"filled": 1}}
        return ledger.send("one_stop_dossier", f"2023-05-{day}", [deleted(day, is_deleted=is_deleted)], profile=profile)

    found = []
    for name, turn in (("forwards", 1), ("backwards", -1)):
        ledger = LedgerKit(open_home(tmp_path / name))
        fourth = take(LedgerKit(open_home(tmp_path / "elsewhere")), STEPS[3], "").delivery_id
        ledger.send("procedure_catalogue", "2023-01-01", [{}])
        for step in STEPS[::turn]:
            take(ledger, step, fourth)
        for day in (17, 18, 19)[::turn]:
            dossiers(ledger, day, is_deleted=day == 18)
        outcome = build_release(ledger.home)
        assert outcome.is_published
        found.append((outcome.release_id, outcome.tables))
    assert found[0] == found[1]
    assert found[0][1]["core.fact_dossier"][0] == 1
