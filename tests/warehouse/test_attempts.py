"""A file of which judging dies costs no other file its judgement; it is tried three times, then parked, then let go."""

from __future__ import annotations

import errno
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schemas.extracts import all_extracts
from schemas.rule_set import rule_set_of
from tests.pipelines.conftest import record
from tests.poison import make_poisonous
from tests.warehouse.release.conftest import edition
from tests.warehouse.release.ledger_kit import LedgerKit
from tests.warehouse.small_files import no_file_larger_than
from warehouse import judging
from warehouse.attempts import MOST_ATTEMPTS, Unjudged, begun, left_behind, record_death, unjudged, unpark
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.judging_alone import Died
from warehouse.ledger import Sending, judgement_folder, record_rule_set
from warehouse.release import build_release, verify
from warehouse.storage import Home, open_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def land(home: Home, days: int, *, is_sound: bool = False) -> list[Sending]:
    """So many days of one work file each, of which it does not matter what they say, or that can be accepted."""
    for day in range(1, days + 1):
        folder = Path(str(home.landing)) / "one_stop_dossier" / "VPUB" / f"2023-01-{day:02d}"
        folder.mkdir(parents=True)
        said = record(1, folder.name) if is_sound else {"MaHoSo": f"H54-{day}"}
        (folder / "hoso.json").write_text(json.dumps([said]), encoding="utf-8")
    return record_sendings(home)


@pytest.mark.slow
def test_a_file_that_kills_its_worker_is_tried_three_times_and_stops_no_other(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisonous, *others = land(home, 15)
    make_poisonous(poisonous.sha256, tmp_path / "poison", monkeypatch)
    deaths: list[Unjudged] = []

    judged = judge_pending(home, workers=2, on_death=deaths.append)
    assert {receipt.delivery_id for receipt in judged} == {sending.delivery_id for sending in others}
    assert [(each.attempts, each.how, each.is_parked) for each in deaths] == [(1, "SIGKILL", False)]
    assert not left_behind(home)

    for attempt in (2, 3):
        assert judge_pending(home, workers=2, on_death=deaths.append) == []
        assert deaths[-1].attempts == attempt
    assert deaths[-1].is_parked

    assert judge_pending(home, workers=2, on_death=deaths.append) == []
    assert len(deaths) == MOST_ATTEMPTS

    assert unpark(home, "one_stop_dossier", "VPUB", "2023-01-02") == []
    assert [each.delivery_id for each in unpark(home, "one_stop_dossier", "VPUB", "2023-01-01")] == [
        poisonous.delivery_id
    ]
    monkeypatch.delenv("POISONOUS")
    (receipt,) = judge_pending(home, workers=2, on_death=deaths.append)
    assert receipt.delivery_id == poisonous.delivery_id
    assert len(deaths) == MOST_ATTEMPTS


def test_what_failed_together_is_tried_alone_and_the_innocent_are_judged(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> Any:
        raise ValueError("a name that must not be written down")

    land(home, 2)
    monkeypatch.setattr(judging, "judge_together", breaks)
    deaths: list[Unjudged] = []
    assert len(judge_pending(home, on_death=deaths.append)) == 2
    assert deaths == []


def test_a_run_that_was_killed_is_no_attempt_but_its_files_are_tried_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone: list[str] = []
    sendings = land(home, 2)

    def judged_alone(_root: str, sending: Sending, _key: object) -> Died:
        alone.append(sending.delivery_id)
        return Died("SIGKILL")

    with pytest.raises(KeyboardInterrupt), begun(home, sendings[:1]):
        raise KeyboardInterrupt
    assert unjudged(home) == {}
    monkeypatch.setattr(judging, "judge_alone", judged_alone)
    assert [receipt.period for receipt in judge_pending(home)] == ["2023-01-02"]
    assert alone == [sendings[0].delivery_id]


def test_a_broken_machine_is_nobodys_attempt(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    land(home, 1)
    monkeypatch.setattr(judging, "judge_together", full)
    with pytest.raises(OSError, match="No space"):
        judge_pending(home)
    assert unjudged(home) == {}


def test_other_rules_let_go_what_was_parked(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (sending,) = land(home, 1)
    for _ in range(MOST_ATTEMPTS):
        standing = record_death(home, sending, "MemoryError")
    assert standing.is_parked
    later_rules = replace(rule_set_of(all_extracts()["one_stop_dossier"]), id="f" * 16)
    monkeypatch.setattr("warehouse.attempts.rule_set_of", lambda _: later_rules)
    assert not unjudged(home)[sending.delivery_id].is_parked


@pytest.mark.slow
def test_coverage_says_what_died_what_is_parked_and_how_many_rows_are_quarantined(home: Home) -> None:
    """A release is built from it as from anything in the ledger, and verified."""
    ledger = LedgerKit(home)
    ledger.send("work_file_processing", "2023-05", [{}], rejected=[{}])
    ledger.send("work_file_processing", "2023-07", [{}])
    sending = ledger.send("work_file_processing", "2023-06", [{}])
    rule_set_id = rule_set_of(all_extracts()[sending.extract]).id
    (judgement_folder(home, rule_set_id, sending.delivery_id) / "receipt.json").unlink()

    record_death(home, sending, "SIGKILL")
    assert _states(home) == [("2023-05", "accepted", 1), ("2023-06", "unjudged", None), ("2023-07", "accepted", 0)]
    for _ in range(MOST_ATTEMPTS - 1):
        record_death(home, sending, "SIGKILL")
    assert _states(home)[1] == ("2023-06", "parked", None)
    assert verify(home).is_same


def _states(home: Home) -> Sequence[tuple[Any, ...]]:
    assert build_release(home).is_published
    with edition(home) as con:
        return con.execute(
            "SELECT period, state, rows_quarantined FROM quality.coverage WHERE extract = 'work_file_processing' "
            "AND period BETWEEN '2023-05' AND '2023-07' ORDER BY period"
        ).fetchall()


def test_a_disk_that_fills_up_while_rows_are_written_blames_no_file(home: Home) -> None:
    """Polars wraps what the system says of it into an error of its own."""
    land(home, 3, is_sound=True)
    # What else is written before the rows of the first delivery.
    record_rule_set(home, rule_set_of(all_extracts()["one_stop_dossier"]))
    for _ in range(MOST_ATTEMPTS):
        # Room enough to write an attempt down, if there were one.
        with no_file_larger_than(600), pytest.raises(OSError, match="File too large"):
            judge_pending(home)
    assert unjudged(home) == {}
    assert [receipt.rows_accepted for receipt in judge_pending(home)] == [1, 1, 1]


def test_a_death_that_could_not_be_written_down_stops_no_later_run(home: Home) -> None:
    (sending,) = land(home, 1)
    with no_file_larger_than(100), pytest.raises(OSError, match="File too large"):
        record_death(home, sending, "SIGKILL")
    assert unjudged(home) == {}
