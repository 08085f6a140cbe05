"""Building, publishing, refusing, rolling back and verifying releases."""

from __future__ import annotations

import errno
import json
import os
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.release.conftest import edition
from tests.warehouse.release.ledger_kit import HANOI, LedgerKit
from warehouse import duck, keys, release
from warehouse.publishing import (
    NoSuchReleaseError,
    current_id,
    find_release,
    list_releases,
    releases_folder,
    rollback,
    start_building,
)
from warehouse.release import build_release, verify
from warehouse.sql_models import Clearance, ModelError, load_models
from warehouse.storage import Home, open_home


def fill(ledger: LedgerKit) -> None:
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    ledger.send("one_stop_dossier", "2023-05-17", [{}, {"dossier_code": "other"}])
    ledger.send("one_stop_dossier", "2023-05-18", [{"status_code": 5}], rejected=[{"dossier_code": "other"}])
    ledger.send("identity_issuance", "2023-W20", [{}])
    ledger.send("work_file_processing", "2023-05", [{}])
    ledger.send("digital_infrastructure", "2023-Q2", [{}])


def contents(home: Home) -> dict[str, tuple[int, str]]:
    return dict(build_release(home).tables)


def test_nothing_new_makes_no_new_release(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    first = build_release(home)
    again = build_release(home)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.release_id == first.release_id
    assert again.tables == first.tables
    assert len(list_releases(home)) == 1


def test_an_empty_ledger_is_a_release_too(home: Home) -> None:
    outcome = build_release(home)
    assert outcome.is_published, outcome.failed_audits
    assert outcome.tables["core.fact_dossier"][0] == 0


def test_the_content_does_not_depend_on_the_order_of_recording(tmp_path: Path) -> None:
    found = []
    for name, turn in (("forwards", 1), ("backwards", -1)):
        home = open_home(tmp_path / name)
        ledger = LedgerKit(home)
        sendings: list[tuple[str, str, list[dict[str, Any]]]] = [
            ("procedure_catalogue", "2023-01-01", [{}]),
            ("one_stop_dossier", "2023-05-17", [{}]),
            ("one_stop_dossier", "2023-05-18", [{"status_code": 5}, {"dossier_code": "b"}]),
        ]
        for sending in sendings[::turn]:
            ledger.send(*sending)
        outcome = build_release(home)
        found.append((outcome.release_id, outcome.tables))
    assert found[0] == found[1]


@pytest.mark.slow
def test_until_leaves_out_what_came_later(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    early = build_release(home, until=datetime(2023, 5, 18, 12, tzinfo=HANOI))
    with edition(home) as con:
        assert con.execute("SELECT max(status_code) FROM core.fact_dossier").fetchone() == (4,)
        assert con.execute("SELECT as_of = until FROM meta.release").fetchone() == (True,)
    whole = build_release(home)
    assert whole.release_id != early.release_id
    with edition(home) as con:
        assert con.execute("SELECT max(status_code) FROM core.fact_dossier").fetchone() == (5,)


def test_files_are_read_only_and_the_pointer_names_them(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    outcome = build_release(home)
    current = releases_folder(home) / "current"
    assert current.resolve().name == outcome.release_id
    assert (releases_folder(home) / "current.txt").read_text().strip() == outcome.release_id
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in current.iterdir()}
    assert modes == {"analyst.duckdb": 0o444, "restricted.duckdb": 0o440, "release.json": 0o444}


def test_rollback_moves_the_pointer_and_back(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    first = build_release(home).release_id
    ledger.send("one_stop_dossier", "2023-05-19", [{"status_code": 9}])
    second = build_release(home).release_id
    assert rollback(home, first).is_current
    assert current_id(home) == first
    assert [each.is_current for each in list_releases(home)] == [True, False]
    rollback(home, second)
    assert current_id(home) == second
    with pytest.raises(NoSuchReleaseError):
        rollback(home, "0" * 16)


@pytest.mark.slow
def test_a_clock_that_went_back_leaves_releases_in_the_order_of_their_building(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    first = build_release(home).release_id
    record = releases_folder(home) / first / "release.json"
    record.chmod(0o644)
    record.write_text(json.dumps(json.loads(record.read_text()) | {"built_at": "2123-01-01T00:00:00+07:00"}))
    ledger.send("one_stop_dossier", "2023-05-19", [{"status_code": 9}])
    second = build_release(home).release_id
    assert [(each.release_id, each.is_current) for each in list_releases(home)] == [(first, False), (second, True)]


def test_leftovers_of_a_killed_build_are_removed(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    leftover = start_building(home, "f" * 16)
    (leftover / "restricted.duckdb").write_bytes(b"half")
    assert list_releases(home) == []
    assert find_release(home) is None
    build_release(home)
    assert not leftover.exists()


def test_a_build_that_fails_leaves_its_room_to_others(
    home: Home, ledger: LedgerKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk is full it would stay full."""
    fill(ledger)

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("warehouse.release._cut_for_analysts", no_room)
    with pytest.raises(OSError, match="No space left"):
        build_release(home)
    assert not list(releases_folder(home).glob(".building-*"))


def test_a_release_finished_but_not_pointed_to_is_taken_up(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    outcome = build_release(home)
    (releases_folder(home) / "current").unlink()
    again = build_release(home)
    assert (again.release_id, again.is_published) == (outcome.release_id, True)
    assert current_id(home) == outcome.release_id


def test_a_failed_audit_leaves_yesterdays_release(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    good = build_release(home).release_id
    # A judgement whose receipt does not add up: a row was lost.
    sending = ledger.send("one_stop_dossier", "2023-05-19", [{"dossier_code": "c"}, {"dossier_code": "d"}])
    receipt_file = next(Path(str(home.ledger)).glob(f"judgements/*/{sending.delivery_id}/receipt.json"))
    receipt = json.loads(receipt_file.read_text())
    receipt_file.write_text(json.dumps(receipt | {"rows_read": 3, "positions": 3}))
    outcome = build_release(home)
    assert not outcome.is_published
    assert outcome.failed_audits == {"audits.conservation": 1}
    assert current_id(home) == good
    assert [each.release_id for each in list_releases(home)] == [good]
    refused = releases_folder(home) / f".refused-{outcome.release_id}"
    assert json.loads((refused / "release.json").read_text())["audits"]["audits.conservation"] == 1
    receipt_file.write_text(json.dumps(receipt))
    assert build_release(home).is_published


def test_verify_finds_the_same_again_even_after_more_has_come(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    outcome = build_release(home)
    ledger.send(
        "one_stop_dossier", "2023-05-18", [{"status_code": 6}], received_at=datetime(2023, 5, 18, 5, tzinfo=HANOI)
    )
    verification = verify(home)
    assert verification.is_same, verification.differences
    assert (verification.release_id, verification.tables) == (outcome.release_id, len(outcome.tables))


def test_verify_notices_a_changed_ledger(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    build_release(home)
    files = Path(str(home.ledger)).glob("judgements/*/*/accepted.parquet")
    file = next(f for f in files if duckdb.sql(f"SELECT 1 FROM '{f}' LIMIT 1 OFFSET 1").fetchone())
    duckdb.sql(f"COPY (SELECT * REPLACE ('changed' AS dossier_code) FROM '{file}' WHERE source_row = 2 UNION ALL "
               f"SELECT * FROM '{file}' WHERE source_row <> 2) TO '{file}.new' (FORMAT parquet)")  # fmt: skip
    Path(f"{file}.new").replace(file)
    assert "core.fact_dossier" in verify(home).differences


@pytest.mark.slow
def test_verify_notices_a_changed_release_file(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    outcome = build_release(home)
    file = releases_folder(home) / outcome.release_id / "restricted.duckdb"
    file.chmod(0o644)
    with duckdb.connect(str(file)) as con:
        con.execute("UPDATE core.fact_work_file SET files_online = files_online + 1")
    assert verify(home).differences.keys() == {"core.fact_work_file"}


def test_verify_needs_a_release(home: Home) -> None:
    with pytest.raises(NoSuchReleaseError):
        verify(home)


def test_the_analyst_edition_holds_what_analysts_may_see(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    build_release(home)
    with edition(home, "analyst") as con:
        columns = con.execute(
            "SELECT schema_name || '.' || table_name, list(column_name) FROM duckdb_columns() WHERE NOT internal GROUP BY 1"
        ).fetchall()
    found = {table: set(names) for table, names in columns}
    expected = {
        model.name: set(model.visible_columns(Clearance.ANALYST))
        for model in load_models()
        if model.is_published and model.visible_columns(Clearance.ANALYST)
    }
    assert found == expected
    assert "quality.quarantined_row" not in found
    assert "submission_place" not in found["core.fact_dossier"]


@pytest.mark.parametrize("name", ["analyst", "restricted"])
def test_every_table_and_column_is_commented(home: Home, ledger: LedgerKit, name: str) -> None:
    fill(ledger)
    build_release(home)
    with edition(home, name) as con:
        silent = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL "
            "UNION ALL SELECT column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal"
        ).fetchall()
        assert silent == []
        assert con.execute("SELECT count(*) > 20 FROM duckdb_tables()").fetchone() == (True,)


def test_editions_say_the_same(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    build_release(home)
    answers = []
    for name in ("analyst", "restricted"):
        with edition(home, name) as con:
            answers.append(con.execute("SELECT * FROM mart.kpi_scorecard ORDER BY ALL").fetchall())
    assert answers[0] == answers[1]
    assert answers[0]


def test_the_dictionary_inside_tells_rows_and_hashes(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    outcome = build_release(home)
    with edition(home, "analyst") as con:
        said = con.execute("SELECT table_name, rows, content_hash FROM meta.table WHERE rows IS NOT NULL").fetchall()
        types = con.execute(
            "SELECT data_type FROM meta.column WHERE table_name = 'core.fact_dossier' AND column_name = 'received_on'"
        ).fetchall()
    assert {name: (rows, digest) for name, rows, digest in said} == {
        name: content for name, content in outcome.tables.items() if not name.startswith("meta.")
    }
    assert types == [("DATE",)]


def test_the_record_names_every_judgement_used(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    build_release(home)
    current = find_release(home)
    assert current is not None
    assert {each["delivery_id"] for each in current.record["judgements"]} == {each.delivery_id for each in ledger.sent}
    assert {each["sending_id"] for each in current.record["sendings"]} == {each.sending_id for each in ledger.sent}
    assert current.record["is_simulated"] is True
    assert current.record["versions"]["duckdb"] == duckdb.__version__


def test_the_restricted_edition_is_encrypted_when_a_key_is_set(
    home: Home, ledger: LedgerKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duckdb_extension_httpfs", reason="writing encrypted files needs the httpfs wheel")
    monkeypatch.setenv(keys.ENCRYPTION_VARIABLE, "a passphrase of enough letters")
    fill(ledger)
    outcome = build_release(home)
    assert outcome.is_published
    file = releases_folder(home) / outcome.release_id / "restricted.duckdb"
    assert b"000.00.53.H54" not in file.read_bytes()
    with pytest.raises(duckdb.Error):
        duckdb.connect(str(file), read_only=True)
    assert verify(home).is_same
    with edition(home, "analyst") as con:
        assert con.execute("SELECT count(*) FROM core.fact_dossier").fetchone() == (2,)
    key = keys.encryption_key()
    assert key is not None
    con = duck.connect()
    duck.attach(con, file, "r", read_only=True, encryption_key=key.hex())
    assert con.execute("SELECT count(*) FROM r.core.fact_dossier").fetchone() == (2,)
    con.close()


def test_without_sound_cryptography_nothing_is_published(
    home: Home, ledger: LedgerKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(keys.ENCRYPTION_VARIABLE, "a passphrase of enough letters")
    monkeypatch.setattr(duck, "find_spec", lambda _name: None)
    fill(ledger)
    with pytest.raises(duck.EncryptionUnavailableError, match="duckdb-extension-httpfs"):
        build_release(home)
    assert find_release(home) is None


def test_steps_are_told(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    steps: dict[str, int] = {}
    build_release(home, on_step=lambda name, rows, _seconds: steps.update({name: rows}))
    assert steps["core.fact_dossier"] == 2
    assert {"audits", "analyst edition", "content hashes"} <= steps.keys()


def test_an_undocumented_column_stops_the_build(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "sql" / "dimensions"
    folder.mkdir(parents=True)
    (folder / "thing.sql").write_text(
        "-- name core.thing\n-- grain a | a\n-- purpose a | a\n-- clearance open\n-- column a | a | a\nSELECT 1 AS a, 2 AS b"
    )
    monkeypatch.setattr(release, "load_models", lambda: load_models(tmp_path / "sql"))
    with pytest.raises(ModelError, match=r"core\.thing"):
        build_release(home)
