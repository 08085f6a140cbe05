"""The nightly: one process, and Dagster shows what it would show had every asset been run by itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import orjson
import pytest

from assets.ledger_state import LedgerState, extract_key
from assets.partitions import partition_key
from assets.release_tables import audit_checks, budget_checks, published_models, table_key
from assets.report_pages import REPORTS
from pipelines import history
from pipelines.alerts import RELEASE_HELD
from pipelines.moments import end_of_day
from pipelines.schedules import alert_of
from schemas.extracts import all_extracts
from tests.pipelines.conftest import DOSSIERS, UNTIL, Landing, Ran, check_outcomes, materialised, record, run
from warehouse.budget import Overrun
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.ledger import counting
from warehouse.locking import writing
from warehouse.publishing import current_id
from warehouse.release import build_release
from warehouse.storage import Home


@pytest.fixture
def told(ran: Ran) -> Iterator[dg.DagsterInstance]:
    with history.opened(ran.home) as instance:
        yield instance


def test_every_partition_that_has_a_file_is_told(ran: Ran, told: dg.DagsterInstance) -> None:
    state = LedgerState(ran.home, end_of_day(UNTIL))
    for name, extract in all_extracts().items():
        expected = {str(partition_key(extract, slot.supplier_code or "", slot.period)) for slot in state.slots(name)}
        assert told.get_materialized_partitions(extract_key(name)) == expected
    assert len(state.slots("one_stop_dossier")) > 10
    assert len(state.slots("procedure_catalogue")) >= 2


def test_counts_of_partitions_add_up_to_the_ledger(ran: Ran, told: dg.DagsterInstance) -> None:
    judged, receipts = counting(ran.home, end_of_day(UNTIL))
    accepted = sum(
        receipts[sending.delivery_id].rows_accepted
        for sending, status in judged
        if status == "accepted" and sending.extract == "one_stop_dossier"
    )
    partitions = told.get_materialized_partitions(DOSSIERS)
    assert sum(materialised(told, DOSSIERS, each)["rows_accepted"] for each in partitions) == accepted > 0


def test_tables_and_reports_are_told_with_rows_and_hashes(ran: Ran, told: dg.DagsterInstance) -> None:
    (outcome,) = ran.heard.outcomes
    for name in published_models():
        metadata = materialised(told, table_key(name))
        # What was published when is no content, and has no hash.
        told_of = outcome.tables.get(name) or (outcome.history[name], None)
        assert (metadata["dagster/row_count"], metadata.get("content_hash")) == told_of
    assert materialised(told, dg.AssetKey(["reports", "scorecard"]))["files"] == 1
    for name in REPORTS:
        assert materialised(told, dg.AssetKey(["reports", name]))["files"] > 0, name


def test_every_audit_is_told_as_a_passed_check(told: dg.DagsterInstance) -> None:
    for key, _ in audit_checks().values():
        assert check_outcomes(told, key) == {None: "SUCCEEDED"}


def test_nothing_new_makes_no_release_and_writes_nothing(copied: Home) -> None:
    before = current_id(copied)
    result, heard = run(copied, until=UNTIL)
    assert result.success
    assert (heard.sendings, heard.judged_periods) == (0, [])
    assert "reports" not in heard.stages
    assert current_id(copied) == before
    assert not [event for event in result.all_events if event.is_step_materialization]


@pytest.mark.slow
def test_a_later_day_is_taken_in_and_published(copied: Home) -> None:
    before = current_id(copied)
    result, heard = run(copied, until="2023-01-21")
    assert result.success
    assert heard.judged_periods
    assert current_id(copied) != before
    dossier_days = [period for extract, period in heard.judged_periods if extract == "one_stop_dossier"]
    told = {event.partition for event in result.all_events if event.is_step_materialization and event.partition}
    assert set(dossier_days) <= told
    assert len(told) <= len(heard.judged_periods)


def test_what_an_interrupted_run_did_not_tell_is_told_by_the_next(copied: Home) -> None:
    shutil.rmtree(str(copied.dagster))
    result, heard = run(copied, until=UNTIL)
    assert result.success
    assert heard.judged_periods == []
    with history.opened(copied) as instance:
        told = instance.get_materialized_partitions(DOSSIERS)
    assert told == {slot.period for slot in LedgerState(copied, end_of_day(UNTIL)).slots("one_stop_dossier")}


def test_a_file_judged_by_a_run_that_died_before_telling_is_told_by_the_next(copied: Home) -> None:
    """Also where Dagster had heard of its partition before."""
    day = min(slot.period for slot in LedgerState(copied).slots("one_stop_dossier"))
    with history.opened(copied) as instance:
        before = materialised(instance, DOSSIERS, day)["delivery_ids"]
    folder = Path(str(copied.landing), "one_stop_dossier", "VPUB", day)
    (folder / "lai.json").write_text(json.dumps([record(1, day)]), "utf-8")
    (folder / "lai.json.manifest.json").write_text('{"received_at": "2023-01-20T09:00:00+07:00"}', "utf-8")
    record_sendings(copied, until=end_of_day(UNTIL))
    judge_pending(copied, until=end_of_day(UNTIL))

    result, heard = run(copied, until=UNTIL)
    assert result.success
    assert heard.judged_periods == []
    with history.opened(copied) as instance:
        assert materialised(instance, DOSSIERS, day)["delivery_ids"] != before
        assert materialised(instance, DOSSIERS, day)["rows_read"] == 1


def test_one_extract_and_period_can_be_run_alone(home: Home, land: Landing) -> None:
    land("2023-01-02", [record(1, "2023-01-02")])
    land("2023-01-03", [record(1, "2023-01-03")])
    result, heard = run(home, extract="one_stop_dossier", period="2023-01-03")
    assert result.success
    assert heard.judged_periods == [("one_stop_dossier", "2023-01-03")]


def test_a_failed_audit_fails_the_run_and_leaves_the_tables_untold(
    copied: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = next(iter(audit_checks()))

    def kept_back(*args: Any, **named: Any) -> Any:
        return replace(build_release(*args, **named), is_new=True, is_published=False, audits={audit: 3})

    monkeypatch.setattr("pipelines.nightly.build_release", kept_back)
    result, _ = run(copied, until=UNTIL)
    assert not result.success
    assert not [event for event in result.all_events if event.is_step_materialization]
    with history.opened(copied) as instance:
        assert check_outcomes(instance, audit_checks()[audit][0]) == {None: "FAILED"}


def test_a_held_release_fails_the_run_and_is_red_where_it_changed_too_much(
    copied: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = Overrun("core.fact_dossier", "changed", 9, 10, 4)

    def held(*args: Any, **named: Any) -> Any:
        return replace(build_release(*args, **named), is_new=True, is_published=False, overruns=(over,))

    monkeypatch.setattr("pipelines.nightly.build_release", held)
    result, _ = run(copied, until=UNTIL)
    assert not result.success
    alert = alert_of(result.dagster_run, (event for event in result.all_events if event.is_step_failure))
    assert alert.errors == (RELEASE_HELD,)
    assert "warehouse release approve" in alert.text
    with history.opened(copied) as instance:
        assert check_outcomes(instance, budget_checks()["core.fact_dossier"][0]) == {None: "FAILED"}
        assert check_outcomes(instance, budget_checks()["core.fact_work_file"][0]) == {None: "SUCCEEDED"}


def test_a_second_run_waits_for_the_first(copied: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.nightly.LONGEST_WAIT_S", 0.2)
    with writing(copied):
        result, heard = run(copied, until=UNTIL)
    assert not result.success
    assert heard.judged_periods == []
    result, _ = run(copied, until=UNTIL)
    assert result.success


def test_no_name_and_no_number_of_a_citizen_is_in_the_history(ran: Ran) -> None:
    planted = set(_identifiers(ran.home))
    assert len(planted) > 50
    for file in Path(str(ran.home.dagster)).rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found = [text for text in planted if text.encode() in content or _escaped(text) in content]
            assert not found, f"{file.name} holds personal data"


def _identifiers(home: Home) -> Iterator[str]:
    """Names and numbers in the dossier files that were taken in; short ones are left out, they are found anywhere."""
    for file in Path(str(home.landing), "one_stop_dossier").rglob("*.json"):
        if file.name.endswith(".manifest.json"):
            continue
        try:
            records = orjson.loads(file.read_bytes())
        except orjson.JSONDecodeError:
            continue
        for each in records:
            for field in ("ChuHoSo", "SoGiayToChuHoSo"):
                text = str(each.get(field) or "")
                if len(text) >= 9:
                    yield text


def _escaped(text: str) -> bytes:
    """The text as JSON writes it when it keeps to ASCII."""
    return text.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2023-12-31", "2023-12-31T23:59:59.999999+07:00"),
        ("2023-12-31T08:00", "2023-12-31T08:00:00+07:00"),
        ("2023-12-31T08:00:00+00:00", "2023-12-31T08:00:00+00:00"),
    ],
)
def test_until_names_the_end_of_a_day_in_viet_nam(given: str, expected: str) -> None:
    assert end_of_day(given).isoformat() == expected
