"""Releases that change too much: held, approved or rejected by a person, never in the reader's way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse import budget, publishing
from warehouse.decisions import NamelessDecisionError, Verdict, decide, read_decisions
from warehouse.publishing import NoSuchReleaseError, current_id, held_build, list_releases
from warehouse.release import CurrentReleaseError, ReleaseOutcome, approve, build_release, difference_between, reject
from warehouse.storage import Home


@pytest.fixture(autouse=True)
def _no_row_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "CHANGED_ALWAYS_ALLOWED", 0)


def begin(ledger: LedgerKit) -> None:
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    ledger.send("one_stop_dossier", "2023-05-17", [{}])


def overrun(outcome: ReleaseOutcome) -> list[tuple[str, str, int]]:
    return [(over.table, over.what, over.found) for over in outcome.overruns]


def test_a_release_over_budget_waits_until_a_person_approves_it(home: Home, ledger: LedgerKit) -> None:
    begin(ledger)
    first = build_release(home)
    assert first.is_published
    assert difference_between(home) is None

    ledger.send("one_stop_dossier", "2023-05-18", [{"status_code": 5}, {"dossier_code": "new"}])
    held = build_release(home)
    assert (held.is_held, held.is_published, held.is_new) == (True, False, True)
    assert overrun(held) == [("core.fact_dossier", "changed", 1)]
    assert current_id(home) == first.release_id
    assert [each.release_id for each in list_releases(home)] == [first.release_id]
    waiting = held_build(home)
    assert waiting is not None
    said = json.loads((waiting.folder / publishing.DIFFERENCE_FILE).read_text())
    assert (said["before"], said["after"]) == (first.release_id, held.release_id)
    difference = difference_between(home)
    assert difference == difference_between(home, first.release_id, held.release_id)

    again = build_release(home)
    assert (again.is_held, again.is_new, again.release_id) == (True, False, held.release_id)

    with pytest.raises(NamelessDecisionError):
        approve(home, held.release_id, by=" ", reason="đã xem")
    published = approve(home, held.release_id, by="Trần Thị Duyệt", reason="Đính chính có công văn")
    assert published is not None
    assert published.is_current
    assert held_build(home) is None
    assert build_release(home).is_new is False
    assert [(each.verdict, each.by) for each in read_decisions(home)] == [(Verdict.APPROVED, "Trần Thị Duyệt")]
    with pytest.raises(CurrentReleaseError):
        reject(home, held.release_id, by="Ai đó", reason="không")


@pytest.mark.slow
def test_a_rejected_release_is_not_built_again_and_newer_files_are(home: Home, ledger: LedgerKit) -> None:
    begin(ledger)
    first = build_release(home).release_id
    ledger.send("one_stop_dossier", "2023-05-18", [{"status_code": 5}])
    held = build_release(home).release_id
    reject(home, held, by="Lê Văn Bác", reason="Phần mềm một cửa gửi nhầm")
    again = build_release(home)
    assert (again.is_rejected, again.is_published, again.is_new) == (True, False, False)
    assert held_build(home) is None
    assert current_id(home) == first

    ledger.send("one_stop_dossier", "2023-05-19", [{"status_code": 4, "dossier_code": "new"}])
    newer = build_release(home)
    assert newer.is_held
    assert newer.release_id != held

    # Whoever changes their mind says so; the decision before stays written.
    assert approve(home, held, by="Lê Văn Bác", reason="Đã hỏi lại, đúng") is None
    assert [each.verdict for each in read_decisions(home)] == [Verdict.REJECTED, Verdict.APPROVED]


def test_only_what_was_built_here_can_be_decided(home: Home) -> None:
    for decision in (approve, reject):
        with pytest.raises(NoSuchReleaseError):
            decision(home, "0" * 16, by="Ai", reason="gì")
    assert read_decisions(home) == []


def test_decisions_are_numbered_and_the_last_one_stands_whatever_the_clock_says(home: Home) -> None:
    for verdict in (Verdict.APPROVED, Verdict.REJECTED, Verdict.APPROVED, Verdict.MARKED):
        decide(home, "a" * 16, verdict, by="An", reason="vì")
    assert [each.number for each in read_decisions(home)] == [1, 2, 3, 4]
    names = sorted(file.name for file in Path(str(home.decisions)).iterdir())
    assert names[0] == f"000001-approved-{'a' * 16}.json"
