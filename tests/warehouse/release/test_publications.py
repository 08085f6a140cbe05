"""What was published when: every value of every figure, what replaced it, and because of which deliveries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from shutil import rmtree
from typing import Any

import duckdb
import pytest

from tests.warehouse.release.conftest import edition
from tests.warehouse.release.ledger_kit import HANOI, LedgerKit
from warehouse import publications, publishing
from warehouse.publications import PublishedValue, values_of
from warehouse.publishing import current_at, publish, rollback, start_building
from warehouse.release import build_release, verify
from warehouse.storage import Home

PROVINCE = "34@2020-03-01"


def put(home: Home, release_id: str, figures: Mapping[str, float], **said: Any) -> None:
    """Publish a release that is nothing but a scorecard: the province's figures by period."""
    folder = start_building(home, release_id)
    with duckdb.connect(str(folder / "analyst.duckdb")) as con:
        con.execute("CREATE SCHEMA mart")
        con.execute(
            "CREATE TABLE mart.kpi_scorecard (kpi_code VARCHAR, period VARCHAR, unit_key VARCHAR,"
            " numerator BIGINT, denominator BIGINT, value DOUBLE, status VARCHAR)"
        )
        for period, value in figures.items():
            row = ["T10", period, PROVINCE, round(value * 1000), 1000, value, "met" if value >= 0.5 else "not_met"]
            con.execute("INSERT INTO mart.kpi_scorecard VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    record = {
        "format": 1,
        "release_id": release_id,
        "built_at": datetime.now(HANOI).isoformat(),
        "as_of": "2023-07-01T00:00:00+07:00",
        "judgements": [],
        "sendings": [],
        **said,
    }
    (folder / "release.json").write_text(json.dumps(record), encoding="utf-8")
    publish(home, folder, release_id)


def told(home: Home, period: str | None = None) -> list[tuple[str, str, float | None]]:
    return [(each.period, each.release_id, each.value) for each in values_of(home, "T10", "34", period)]


def test_a_value_is_told_once_however_many_releases_it_stands_in(home: Home) -> None:
    put(home, "a", {"2023-01": 0.25, "2023-02": 0.5})
    put(home, "b", {"2023-01": 0.25, "2023-02": 0.75})
    put(home, "c", {"2023-01": 0.25, "2023-02": 0.75, "2023-03": 1.0})
    assert told(home) == [
        ("2023-01", "a", 0.25),
        ("2023-02", "a", 0.5),
        ("2023-02", "b", 0.75),
        ("2023-03", "c", 1.0),
    ]
    assert told(home, "2023-03") == [("2023-03", "c", 1.0)]
    assert [(each.number, each.release_id, each.replaces) for each in publications.recorded(home)] == [
        (1, "a", None),
        (2, "b", "a"),
        (3, "c", "b"),
    ]


def test_after_a_rollback_the_older_value_is_published_again(home: Home) -> None:
    put(home, "a", {"2023-01": 0.25})
    put(home, "b", {"2023-01": 0.5})
    rollback(home, "a")
    rollback(home, "a")
    assert told(home) == [("2023-01", "a", 0.25), ("2023-01", "b", 0.5), ("2023-01", "a", 0.25)]


def test_a_figure_that_a_release_no_longer_has_is_gone(home: Home) -> None:
    put(home, "a", {"2023-01": 0.25})
    put(home, "b", {})
    put(home, "c", {"2023-01": 0.25})
    values = values_of(home, "T10", "34")
    assert [(each.release_id, each.is_gone) for each in values] == [("a", False), ("b", True), ("c", False)]
    assert values[1] == PublishedValue("2023-01", values[1].published_at, "b", None, None, None, None, True, ())


def test_what_a_killed_run_left_unwritten_is_written_by_the_next(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "a", {"2023-01": 0.25})
    with monkeypatch.context() as killed:
        killed.setattr(publications, "record", lambda *_: None)
        put(home, "b", {"2023-01": 0.5})
    assert told(home) == [("2023-01", "a", 0.25)]
    put(home, "c", {"2023-01": 0.75})
    assert told(home) == [("2023-01", "a", 0.25), ("2023-01", "b", 0.5), ("2023-01", "c", 0.75)]


def test_a_run_that_dies_before_or_after_it_moves_the_pointer_is_told_as_it_was(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What never was current is not said to have been; what was, from the moment of the pointer on."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    def killed_at(name: str, release_id: str, value: float) -> datetime:
        with monkeypatch.context() as patch:
            patch.setattr(publishing, name, die)
            with pytest.raises(KeyboardInterrupt):
                put(home, release_id, {"2023-01": value})
        return datetime.now(HANOI)

    put(home, "a", {"2023-01": 0.25})
    before_it_moved = killed_at("point_to", "b", 0.5)
    assert current_at(home, before_it_moved).release_id == "a"
    after_it_moved = killed_at("_note_move", "c", 0.75)
    put(home, "d", {"2023-01": 1.0})
    moments = (before_it_moved, after_it_moved, datetime.now(HANOI))
    assert [current_at(home, moment).release_id for moment in moments] == ["a", "c", "d"]
    assert told(home) == [("2023-01", "a", 0.25), ("2023-01", "c", 0.75), ("2023-01", "d", 1.0)]


def test_a_home_of_before_publications_were_written_down_begins_with_what_is_there(home: Home) -> None:
    for release_id, value in (("a", 0.25), ("b", 0.5), ("c", 0.75)):
        put(home, release_id, {"2023-01": value})
    rmtree(str(home.publications))
    # Removed long ago: nobody knows its figures any more.
    rmtree(str(publishing.releases_folder(home) / "b"))
    publishing.record_publications(home)
    assert told(home) == [("2023-01", "a", 0.25), ("2023-01", "c", 0.75)]


def test_what_was_published_outlives_the_releases(home: Home) -> None:
    put(home, "a", {"2023-01": 0.25})
    put(home, "b", {"2023-01": 0.5})
    rmtree(str(home.releases))
    put(home, "b", {"2023-01": 0.5})
    put(home, "c", {"2023-01": 0.75})
    assert told(home) == [("2023-01", "a", 0.25), ("2023-01", "b", 0.5), ("2023-01", "c", 0.75)]
    assert [each.release_id for each in publications.recorded(home)] == ["a", "b", "b", "c"]


def test_each_delivery_is_told_by_what_became_of_it(home: Home, ledger: LedgerKit) -> None:
    names = ("arrived", "replaced", "withdrawn", "counts_again", "judged_again", "left_out", "refused", "same")
    sent = {name: ledger.send("one_stop_dossier", f"2023-05-{at + 10}") for at, name in enumerate(names)}
    before = {
        "replaced": "accepted",
        "withdrawn": "accepted",
        "counts_again": "superseded",
        "judged_again": "accepted",
        "left_out": "accepted",
        "same": "accepted",
    }
    after = {
        "arrived": "accepted",
        "replaced": "superseded",
        "withdrawn": "withdrawn",
        "counts_again": "accepted",
        "judged_again": "accepted",
        "refused": "refused",
        "same": "accepted",
    }

    def record(statuses: Mapping[str, str], rules: str) -> dict[str, Any]:
        return {
            "sendings": [{"sending_id": sent[name].sending_id, "status": said} for name, said in statuses.items()],
            "judgements": [
                {"delivery_id": sent[name].delivery_id, "rule_set_id": rules if name == "judged_again" else "r"}
                for name in statuses
            ],
        }

    put(home, "a", {}, **record(before, "older"))
    put(home, "b", {}, **record(after, "newer"))
    first, second = publications.recorded(home)
    assert first.deliveries == ()
    assert {change.delivery_id: change.change for change in second.deliveries} == {
        sent[name].delivery_id: name for name in names if name not in {"refused", "same"}
    }


RESTATED = """
SELECT old_value, new_value, old_release_id, release_id, delivery_ids FROM meta.kpi_restatement
WHERE kpi_code = 'O01' AND period = '2023-05' AND unit_key = '34@2020-03-01'
"""
VINTAGES = """
SELECT value, release_id, replaced_by_release_id FROM meta.kpi_vintage
WHERE kpi_code = 'O01' AND period = '2023-05' AND unit_key = '34@2020-03-01' ORDER BY publication_no
"""


@pytest.mark.slow
def test_a_late_file_restates_a_month_that_was_over_and_leaves_no_mark_on_the_content(
    home: Home, ledger: LedgerKit
) -> None:
    finished = {"status_code": 9, "finished_on": date(2023, 5, 20)}
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    ledger.send("one_stop_dossier", "2023-05-17", [finished], received_at=datetime(2023, 7, 1, tzinfo=HANOI))
    first = build_release(home)
    late = ledger.send(
        "one_stop_dossier",
        "2023-05-18",
        [{**finished, "dossier_code": "late", "finished_on": date(2023, 5, 30)}],
        received_at=datetime(2023, 7, 2, tzinfo=HANOI),
    )
    second = build_release(home)
    with edition(home, "analyst") as con:
        assert con.execute(RESTATED).fetchall() == [
            (1.0, 2.0, first.release_id, second.release_id, [late.delivery_id]),
        ]
        assert con.execute(VINTAGES).fetchall() == [
            (1.0, first.release_id, second.release_id),
            (2.0, second.release_id, None),
        ]
        changed = con.execute("SELECT deliveries_changed FROM meta.publication ORDER BY publication_no").fetchall()
        assert changed == [(0,), (1,)]
    (then, now) = values_of(home, "O01", "34", "2023-05")
    assert (then.value, then.deliveries) == (1.0, ())
    assert (now.value, [each.change for each in now.deliveries]) == (2.0, ["arrived"])

    assert second.history["meta.kpi_restatement"] > 0
    assert not second.tables.keys() & second.history.keys()
    # Whatever else was published meanwhile, the ledger gives the same content.
    rollback(home, first.release_id)
    assert verify(home, second.release_id).is_same


def test_held_and_rejected_builds_were_never_published(home: Home) -> None:
    put(home, "a", {"2023-01": 0.25})
    folder = start_building(home, "b")
    (folder / "release.json").write_text("{}", encoding="utf-8")
    publishing.hold(home, folder, "b")
    assert [each.release_id for each in publications.recorded(home)] == ["a"]


def test_another_moment_knows_only_what_was_published_by_then(home: Home) -> None:
    put(home, "a", {"2023-01": 0.25})
    put(home, "b", {"2023-01": 0.5})
    first, _ = publications.recorded(home)
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA build")
        publications.load(con, home, until=first.published_at)
        assert con.execute("SELECT release_id FROM build.publication").fetchall() == [("a",)]
        assert con.execute("SELECT value FROM build.published_figure").fetchall() == [(0.25,)]
