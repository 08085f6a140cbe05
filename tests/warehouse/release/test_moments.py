"""Two times: what had been received by a day, and what was published on it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.warehouse.release.ledger_kit import HANOI, LedgerKit
from warehouse import moments
from warehouse.asking import ask
from warehouse.moments import edition_as_of, edition_as_published
from warehouse.publishing import NoSuchReleaseError, current_at, list_releases, releases_folder, rollback
from warehouse.release import build_release
from warehouse.sql_models import Clearance
from warehouse.storage import Home

STATUS = "SELECT status_code FROM core.fact_dossier"
JANUARY, MARCH = (datetime(2024, month, 15, 9, tzinfo=HANOI) for month in (1, 3))


def _step(_name: str, _rows: int, _seconds: float) -> None:
    return


def _status(edition: Path) -> int:
    ((status,),) = ask(edition, STATUS).rows
    return int(status)


@pytest.fixture
def late(home: Home, ledger: LedgerKit) -> tuple[Home, datetime]:
    """A release of January's file; then a file turns up that a manifest says was received in January too."""
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    ledger.send("one_stop_dossier", "2023-05-17", [{"status_code": 4}], received_at=JANUARY)
    build_release(home)
    published_at = datetime.now(HANOI)
    newer = {"status_code": 9, "updated_at": datetime.fromisoformat("2023-05-18T09:00:00")}
    ledger.send("one_stop_dossier", "2023-05-18", [newer], received_at=JANUARY + timedelta(hours=1))
    ledger.send("one_stop_dossier", "2023-05-19", [{"dossier_code": "another"}], received_at=MARCH)
    return home, published_at


def test_what_was_received_and_what_was_published_differ_when_a_file_turns_up_late(
    late: tuple[Home, datetime],
) -> None:
    home, published_at = late
    as_of = edition_as_of(home, JANUARY + timedelta(days=1), Clearance.ANALYST, _step)
    assert _status(as_of) == 9
    assert _status(edition_as_published(home, published_at, Clearance.ANALYST, _step)) == 4
    assert len(list_releases(home)) == 1, "asking publishes nothing"
    steps: list[str] = []
    edition_as_of(home, JANUARY + timedelta(days=1), Clearance.ANALYST, lambda name, *_: steps.append(name))
    assert steps == [], "the same question again builds nothing"


def test_a_release_of_just_these_inputs_answers_itself(late: tuple[Home, datetime]) -> None:
    home, _ = late
    release_id = build_release(home, until=MARCH + timedelta(days=1)).release_id
    file = edition_as_of(home, MARCH + timedelta(days=1), Clearance.RESTRICTED, _step)
    assert file == releases_folder(home) / release_id / "restricted.duckdb"


@pytest.mark.slow
def test_a_published_release_whose_files_are_gone_is_built_again_from_its_inputs(
    late: tuple[Home, datetime],
) -> None:
    home, published_at = late
    (release,) = list_releases(home)
    build_release(home)
    for file in release.folder.glob("*.duckdb"):
        file.unlink()
    assert _status(edition_as_published(home, published_at, Clearance.ANALYST, _step)) == 4


def test_which_release_was_current_is_known_through_rollbacks(late: tuple[Home, datetime]) -> None:
    home, published_at = late
    first = current_at(home, published_at)
    second_id = build_release(home).release_id
    second_at = datetime.now(HANOI)
    rollback(home, first.release_id)
    assert current_at(home, second_at).release_id == second_id
    assert current_at(home, datetime.now(HANOI)).release_id == first.release_id
    with pytest.raises(NoSuchReleaseError, match="15/01/2024"):
        current_at(home, JANUARY)


def test_which_release_was_current_is_known_after_the_clock_went_back(late: tuple[Home, datetime]) -> None:
    home, _ = late
    moves = releases_folder(home) / "moves.jsonl"
    ahead = datetime.now(HANOI) + timedelta(hours=2)
    first = json.loads(moves.read_text("utf-8"))
    moves.write_text(json.dumps(first | {"at": ahead.isoformat()}) + "\n", "utf-8")
    second_id = build_release(home).release_id
    assert current_at(home, ahead + timedelta(hours=1)).release_id == second_id != first["release_id"]


def test_pointing_at_the_same_release_again_is_no_move(late: tuple[Home, datetime]) -> None:
    home, _ = late
    build_release(home)
    build_release(home)
    moves = (releases_folder(home) / "moves.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(move)["release_id"] for move in moves] == [each.release_id for each in list_releases(home)]


def test_releases_of_before_moves_were_noted_count_from_their_building(late: tuple[Home, datetime]) -> None:
    home, published_at = late
    (releases_folder(home) / "moves.jsonl").unlink()
    (release,) = list_releases(home)
    assert current_at(home, published_at).release_id == release.release_id


@pytest.mark.slow
def test_only_a_few_moments_are_kept(late: tuple[Home, datetime], monkeypatch: pytest.MonkeyPatch) -> None:
    home, _ = late
    monkeypatch.setattr(moments, "_KEPT_ASIDE", 1)
    first, second = (
        edition_as_of(home, JANUARY + timedelta(hours=hours), Clearance.ANALYST, _step) for hours in (2, 3)
    )
    assert (first.exists(), second.exists()) == (False, True)
