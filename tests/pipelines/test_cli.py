"""What people type: help, running, asking, tracing, checking, releases, the doctor."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
import typer.main
import yaml
from typer.testing import CliRunner, Result

from pipelines import history
from pipelines.cli import app, main
from pipelines.nightly import nightly
from samples.shares import LARGEST
from schemas.extracts import all_extracts
from tests.pipelines.conftest import UNTIL, Landing, Ran, record
from warehouse import keys
from warehouse.locking import writing
from warehouse.publishing import current_id, held_build, list_releases, sole_builder
from warehouse.sql_models import Budget, Model, load_models
from warehouse.storage import Home

TARGETS = (
    "select kpi_code, status from mart.kpi_scorecard "
    "where kpi_set = 'target_16' and period = '2023' and unit_code = '34' order by kpi_code"
)


def warehouse(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def commands(group: Any, *words: str) -> Iterator[tuple[str, Any]]:
    """Every command below a group, by the words that are typed for it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *words, name)
        yield " ".join((*words, name)), command


COMMANDS = dict(commands(typer.main.get_command(app)))


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    script = (
        "import sys; from typer.testing import CliRunner; from pipelines.cli import app;"
        "print(CliRunner().invoke(app, ['--help']).output);"
        "print([name for name in ('dagster', 'duckdb', 'polars') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert all(command in said for command in COMMANDS if " " not in command)
    assert said.strip().endswith("[]")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_and_option_explains_itself_in_both_languages(command: str) -> None:
    result = warehouse(*command.split(), "--help")
    assert result.exit_code == 0
    said = {each.name: each.help for each in COMMANDS[command].params}
    assert {name: text for name, text in said.items() if " / " not in (text or "")} == {}
    assert " / " in COMMANDS[command].help


def test_simulate_writes_a_landing_folder_and_says_it_is_simulated_and_of_what_only_a_part(tmp_path: Path) -> None:
    result = warehouse("simulate", "--scale", "0.002", "--seed", "3", "--all-extracts", "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert "SIMULATED" in result.output
    for extract in (all_extracts()[name] for name in LARGEST):
        assert extract.vi in result.output
        assert extract.en in result.output
    assert len(list((tmp_path / "landing").iterdir())) == 20
    assert (tmp_path / "truth").is_dir()


def test_simulated_files_go_where_the_warehouse_home_is_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    monkeypatch.setattr("samples.simulate", lambda *, out, **_: written.append(out))
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path))
    assert warehouse("simulate").exit_code == 0
    assert warehouse("simulate", "--out", str(tmp_path / "x")).exit_code == 0
    assert written == [tmp_path, tmp_path / "x"]


def test_a_period_of_another_kind_is_answered_with_one_of_the_right_kind(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.touch()
    for wrong in ("05/2023", "2023-Q2"):
        told = warehouse("check", str(file), "--extract", "taxpayer", "--period", wrong)
        assert told.exit_code == 2
        assert "2023-05" in told.output


def test_a_template_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "made" / "hscv.xlsx"
    result = warehouse("template", "work_file_processing", "--period", "2023-05", "--out", str(file))
    assert result.exit_code == 0, result.output
    assert result.output.strip() == str(file)
    assert file.read_bytes().startswith(b"PK")
    refused = warehouse("template", "no_such_form")
    assert refused.exit_code == 2
    assert "value for extract" in refused.output


def test_contracts_are_exported_into_a_folder(tmp_path: Path) -> None:
    result = warehouse("contracts", "export", "--out", str(tmp_path / "contracts"))
    assert result.exit_code == 0, result.output
    kinds = {file.name.split(".", 1)[1] for file in (tmp_path / "contracts").iterdir()}
    assert kinds == {"odcs.yaml", "record.schema.json", "row.schema.json"}


def test_run_says_where_everything_is_and_what_came_of_it(copied: Home) -> None:
    result = warehouse("run", "--home", str(copied.root), "--until", "2023-01-22")
    assert result.exit_code == 0, result.output
    for expected in ("releases/current/analyst.duckdb", "site/index.html", "127.0.0.1:3000", "16", "MB", "SIMULATED"):
        assert expected in result.output


def test_run_says_which_new_file_took_the_place_of_which(home: Home, land: Landing) -> None:
    land("2023-01-02", [record(1, "2023-01-02")], name="sang", received_at="2023-01-02T12:00:00+07:00")
    land("2023-01-02", [record(2, "2023-01-02")], name="chieu", received_at="2023-01-02T18:00:00+07:00")
    land("2023-01-03", [record(3, "2023-01-03")])
    result = warehouse("run", "--home", str(home.root))
    assert result.exit_code == 0, result.output
    said = "one_stop_dossier VPUB 2023-01-02: chieu.json thay sang.json"
    assert said in result.output
    assert "chieu.json took the place of sang.json" in result.output


def test_run_with_nothing_new_says_so(copied: Home) -> None:
    result = warehouse("run", "--home", str(copied.root), "--until", UNTIL)
    assert result.exit_code == 0, result.output
    assert "Nothing is new" in result.output
    assert len(list_releases(copied)) == 1


def test_a_second_run_says_that_it_waits(copied: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.nightly.LONGEST_WAIT_S", 0.1)
    with writing(copied):
        result = warehouse("run", "--home", str(copied.root), "--until", UNTIL)
    assert result.exit_code == 1
    assert "Waiting" in result.output
    assert "last release stays" in result.output


def test_a_failed_run_shows_no_message_of_the_error(home: Home, land: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    land("2023-01-02", [record(1, "2023-01-02")])

    def broken(*_: object, **__: object) -> None:
        raise OSError("Nguyễn Văn Kín")

    monkeypatch.setattr("pipelines.nightly.judge_pending", broken)
    result = warehouse("run", "--home", str(home.root))
    assert result.exit_code == 1
    assert "Kín" not in result.output
    assert "OSError" in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--extract", "unknown"),
        ("run", "--period", "2023-13"),
        ("run", "--extract", "one_stop_dossier", "--period", "2023-05"),
        ("run", "--until", "yesterday"),
    ],
)
def test_selections_that_mean_nothing_are_refused_at_once(words: tuple[str, ...], tmp_path: Path) -> None:
    result = warehouse(*words, "--home", str(tmp_path / "home"))
    assert result.exit_code == 2
    assert not (tmp_path / "home").exists()


def test_sql_prints_csv_json_and_tables(ran: Ran) -> None:
    home = str(ran.home.root)
    as_csv = warehouse("sql", TARGETS, "--home", home, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(as_csv.output)))
    assert len(rows) == 16
    assert "\r" not in as_csv.output
    assert json.loads(warehouse("sql", TARGETS, "--home", home, "--format", "json").output) == rows
    assert "T16" in warehouse("sql", TARGETS, "--home", home).output


@pytest.mark.parametrize(
    "query",
    [
        "create table mart.mine (a integer)",
        "delete from mart.kpi_scorecard",
        "from read_csv('/etc/passwd')",
        "copy (select 1) to '/tmp/out.csv'",
        "select nothing from mart.kpi_scorecard",
    ],
)
def test_sql_only_reads_and_only_the_release(ran: Ran, query: str) -> None:
    result = warehouse("sql", query, "--home", str(ran.home.root))
    assert result.exit_code == 1
    assert "Error" in result.output


def test_sql_keeps_people_out_of_the_analyst_edition(ran: Ran) -> None:
    place = "select submission_place from core.fact_dossier limit 1"
    assert warehouse("sql", place, "--home", str(ran.home.root)).exit_code == 1
    assert warehouse("sql", place, "--home", str(ran.home.root), "--edition", "restricted").exit_code == 0


def test_before_the_first_release_nothing_can_be_asked(home: Home) -> None:
    result = warehouse("sql", "select 1", "--home", str(home.root))
    assert result.exit_code == 2
    assert "warehouse run" in result.output


def test_trace_leads_to_file_and_line_and_masks_people(ran: Ran) -> None:
    home = str(ran.home.root)
    code = warehouse("sql", "select min(dossier_code) from core.fact_dossier", "--home", home, "--format", "csv")
    dossier_code = code.output.split()[-1]
    masked = warehouse("trace", "core.fact_dossier", dossier_code, "--home", home)
    assert masked.exit_code == 0, masked.output
    assert ".json" in masked.output
    assert "applicant_name" not in masked.output
    revealed = warehouse("trace", "core.fact_dossier", dossier_code, "--home", home, "--reveal", "kiểm thử")
    assert "applicant_name" in revealed.output


def test_trace_of_what_is_not_there_says_so(ran: Ran) -> None:
    result = warehouse("trace", "core.fact_dossier", "000.00.00.H54-230101-9999", "--home", str(ran.home.root))
    assert result.exit_code == 1
    assert "no row" in result.output


CLEAN = [record(1, "2023-01-02")]


@pytest.mark.parametrize(
    ("content", "exit_code", "said"),
    [
        (CLEAN, 0, "The file is fine"),
        ([*CLEAN, record(2, "2023-01-02", KenhThucHien=9)], 1, "Some rows were rejected"),
        ("[", 2, "The file was refused"),
    ],
)
def test_check_answers_with_its_exit_code(
    land: Landing, content: list[dict[str, object]] | str, exit_code: int, said: str
) -> None:
    file = land("2023-01-02", content)
    result = warehouse("check", str(file), "--extract", "one_stop_dossier", "--period", "2023-01-02")
    assert result.exit_code == exit_code, result.output
    assert said in result.output


def test_check_shows_file_row_column_found_and_expected_and_no_names(land: Landing) -> None:
    file = land("2023-01-02", [record(1, "2023-01-02"), record(2, "2023-01-02", KenhThucHien="Nguyễn Văn Kín")])
    result = warehouse("check", str(file), "--extract", "one_stop_dossier", "--period", "2023-01-02")
    for expected in ("hoso.json", " 2 ", "Kênh", "Aaaaaa", "row rejected"):
        assert expected in result.output
    assert "Kín" not in result.output


def test_check_counts_broken_lines_so_that_the_sum_is_what_was_read(tmp_path: Path) -> None:
    file = tmp_path / "nnt.csv"
    titles = [title for column in all_extracts()["taxpayer"].columns for title in column.headers[:1]]
    sound = "1000123469|Đinh Thiện Luật|Hộ kinh doanh|00|12694|2006-02-03|"
    file.write_text("\n".join(["|".join(titles), sound, "1000123476|Đoàn"]), encoding="utf-8")
    result = warehouse("check", str(file), "--extract", "taxpayer", "--period", "2023-05")
    assert result.exit_code == 1
    assert "2 đọc/read, 1 nhận/accepted, 0 giữ/rejected, 1 hỏng/broken" in result.output


def test_report_is_written_where_it_is_wanted(copied: Home, tmp_path: Path) -> None:
    wanted = tmp_path / "giấy tờ" / "thang-1.pdf"
    result = warehouse("report", "--home", str(copied.root), "--period", "2023-01", "--out", str(wanted))
    assert result.exit_code == 0, result.output
    assert wanted.read_bytes().startswith(b"%PDF-")
    result = warehouse("report", "--home", str(copied.root), "--period", "2023-01")
    assert result.exit_code == 0, result.output
    assert [(copied.site / f"report-2023-01{rest}").exists() for rest in (".html", "-vi.pdf", "-en.pdf")] == [True] * 3


def test_a_report_with_causes_goes_to_a_file_of_its_own_that_only_its_owner_reads(copied: Home, tmp_path: Path) -> None:
    """The pages are for everybody; what units wrote may name people."""
    home, wanted = str(copied.root), tmp_path / "nguyen-nhan.html"
    wanted.write_text("")
    wanted.chmod(0o644)
    asked = ("report", "--home", home, "--period", "2023-01", "--with-causes")
    assert warehouse(*asked).exit_code == 2
    assert warehouse(*asked, "--out", str(wanted)).exit_code == 0
    assert stat.S_IMODE(wanted.stat().st_mode) == 0o600
    assert "2023-01" in wanted.read_text(encoding="utf-8")


def test_report_refuses_what_it_cannot_write(copied: Home, tmp_path: Path) -> None:
    result = warehouse("report", "--home", str(copied.root), "--period", "1999")
    assert result.exit_code == 2
    assert "2023-01" in result.output
    assert warehouse("report", "--home", str(copied.root), "--out", str(tmp_path / "a.docx")).exit_code == 2
    assert warehouse("report", "--home", str(tmp_path / "empty")).exit_code == 2


def shown_release(home: Home) -> str:
    """The release that the page of targets says it was made from."""
    page = Path(str(home.site), "index.html").read_text("utf-8")
    (release_id,) = re.findall(r"search-index\.js\?([0-9a-f]{16})", page)
    return str(release_id)


def test_pages_that_a_full_disk_kept_from_being_written_are_written_by_the_next_run(
    copied: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, first = str(copied.root), current_id(copied)
    with monkeypatch.context() as patch:
        patch.setattr("reports.scorecard.page.write", full_disk)
        failed = warehouse("run", "--home", home, "--until", "2023-01-22")
    assert failed.exit_code == 1
    assert "OSError (đĩa đầy / the disk is full)" in failed.output
    assert current_id(copied) != first
    assert shown_release(copied) == first

    assert warehouse("run", "--home", home, "--until", "2023-01-22").exit_code == 0
    assert shown_release(copied) == current_id(copied)
    again = warehouse("run", "--home", home, "--until", "2023-01-22")
    assert "reports" not in again.output


def test_releases_are_listed_verified_and_rolled_back(copied: Home) -> None:
    home = str(copied.root)
    first = current_id(copied)
    assert first is not None
    assert warehouse("run", "--home", home, "--until", "2023-01-22").exit_code == 0
    second = current_id(copied)
    assert second is not None
    assert second != first

    listed = warehouse("release", "list", "--home", home)
    assert listed.output.index(first) < listed.output.index(second)
    back = warehouse("release", "rollback", "--home", home)
    assert back.exit_code == 0
    assert f"{second} → {first}" in back.output
    assert current_id(copied) == first
    assert shown_release(copied) == first
    assert warehouse("release", "rollback", second, "--home", home).exit_code == 0
    assert current_id(copied) == second
    assert warehouse("release", "verify", "--home", home).exit_code == 0


def test_releases_that_do_not_exist_are_said_to_be_missing(home: Home) -> None:
    for words in (["list"], ["verify"], ["verify", "0000000000000000"], ["rollback"], ["rollback", "0000000000000000"]):
        result = warehouse("release", *words, "--home", str(home.root))
        assert result.exit_code == 2, words


def test_doctor_is_content_after_a_good_run(ran: Ran) -> None:
    result = warehouse("doctor", "--home", str(ran.home.root))
    assert result.exit_code == 0, result.output
    for expected in ("0444", "0600", "duckdb", "good"):
        assert expected in result.output


@pytest.mark.slow
def test_doctor_names_the_nightly_that_failed_until_one_succeeds(copied: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.nightly.judge_pending", broken_disk)
        assert warehouse("run", "--home", str(copied.root), "--until", "2023-01-22").exit_code == 1
    result = warehouse("doctor", "--home", str(copied.root))
    assert result.exit_code == 1
    assert "last nightly" in result.output
    assert "failed: run" in result.output
    assert warehouse("run", "--home", str(copied.root), "--until", "2023-01-22").exit_code == 0
    result = warehouse("doctor", "--home", str(copied.root))
    assert "failed: run" not in result.output


def broken_disk(*_: object, **__: object) -> None:
    raise OSError("disk")


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.slow
def test_a_failed_audit_is_told_with_rows_and_stays_in_the_doctors_sight(
    copied: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = str(copied.root)
    with monkeypatch.context() as patch:
        patch.setattr("warehouse.release.load_models", with_a_suspicious_audit)
        result = warehouse("run", "--home", home, "--until", "2023-01-22")
    assert result.exit_code == 1
    assert "audits.sixteen_targets: 1" in result.output
    assert "kpi_code = T01" in result.output
    (file,) = Path(home).glob("releases/.refused-*/failed_audits.json")
    assert str(file) in result.output
    told = warehouse("doctor", "--home", home)
    assert told.exit_code == 1
    assert "audits.sixteen_targets: 1" in told.output
    assert warehouse("run", "--home", home, "--until", "2023-01-22").exit_code == 0
    assert "sixteen_targets" not in warehouse("doctor", "--home", home).output


def test_a_held_release_is_told_compared_and_rejected(copied: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.budget.DEFAULT", Budget(removed_share=0, changed_share=0))
    monkeypatch.setattr("warehouse.budget.CHANGED_ALWAYS_ALLOWED", 0)
    home, before = str(copied.root), current_id(copied)
    told = warehouse("run", "--home", home, "--until", "2023-01-22")
    assert told.exit_code == 1
    assert "The new release waits for a decision" in " ".join(told.output.split())
    assert current_id(copied) == before
    held = held_build(copied)
    assert held is not None
    assert held.release_id in warehouse("doctor", "--home", home).output
    compared = warehouse("release", "diff", "--home", home)
    assert f"{before} → {held.release_id}" in compared.output
    assert "core.fact_dossier" in compared.output
    assert warehouse("release", "reject", held.release_id, "--by", "", "--reason", "x", "--home", home).exit_code == 2
    decision = ("--by", "Lê Văn Bác", "--reason", "gửi nhầm", "--home", home)
    assert warehouse("release", "reject", "0" * 16, *decision).exit_code == 2
    assert warehouse("release", "reject", str(before), *decision).exit_code == 2
    assert warehouse("release", "reject", held.release_id, *decision).exit_code == 0
    again = warehouse("run", "--home", home, "--until", "2023-01-22")
    assert again.exit_code == 0
    assert "rejected" in again.output
    assert current_id(copied) == before


def with_a_suspicious_audit() -> list[Model]:
    return [
        replace(model, sql="SELECT 'T01' AS kpi_code, 15 AS targets")
        if model.name == "audits.sixteen_targets"
        else model
        for model in load_models()
    ]


def test_a_backup_comes_back_and_says_that_the_key_is_not_in_it(ran: Ran, tmp_path: Path) -> None:
    target, new = str(tmp_path / "backup"), str(tmp_path / "new")
    made = warehouse("backup", target, "--home", str(ran.home.root))
    assert made.exit_code == 0, made.output
    assert "THE KEY IS NOT in the backup" in made.output
    assert keys.token_key().id in made.output
    restored = warehouse("restore", target, "--home", new)
    assert restored.exit_code == 0, restored.output
    assert "the key is the right one" in restored.output
    assert warehouse("restore", target, "--home", new).exit_code == 2
    assert warehouse("drill", str(tmp_path / "nothing")).exit_code == 2


def test_a_restored_home_without_its_key_says_so(ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = str(tmp_path / "backup")
    assert warehouse("backup", target, "--home", str(ran.home.root)).exit_code == 0
    monkeypatch.setenv(keys.KEY_FILE_VARIABLE, str(tmp_path / "other.key"))
    restored = warehouse("restore", target, "--home", str(tmp_path / "new"))
    assert "is NOT in place" in restored.output
    assert not (tmp_path / "other.key").exists()


@pytest.mark.slow
def test_the_drill_passes_and_fails_when_a_row_of_the_backup_is_another(ran: Ran, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    assert warehouse("backup", str(target), "--home", str(ran.home.root)).exit_code == 0
    passed = warehouse("drill", str(target), "--scratch", str(tmp_path))
    assert passed.exit_code == 0, passed.output
    assert "10/10" in passed.output
    assert not list(tmp_path.glob("warehouse-drill-*"))

    release = json.loads((target / "records" / "releases" / str(current_id(ran.home)) / "release.json").read_text())
    counted = next(each["sending_id"] for each in release["sendings"] if each["status"] == "accepted")
    sending = json.loads((target / "ledger" / "sendings" / f"{counted}.json").read_text())
    (rows,) = target.glob(f"ledger/judgements/*/{sending['delivery_id']}/accepted.parquet")
    frame = pl.read_parquet(rows)
    pl.concat([frame[1:], frame[1:2]]).write_parquet(rows)
    failed = warehouse("drill", str(target), "--scratch", str(tmp_path))
    assert failed.exit_code == 1
    assert "FAILED" in failed.output
    assert "≠" in failed.output


def test_a_home_that_cannot_be_written_to_is_said_to_be_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("pipelines.run_command.writing", read_only)
    result = warehouse("run", "--home", str(home.root))
    assert result.exit_code == 1
    assert "The home cannot be written to: đĩa chỉ cho đọc / the disk is read-only" in result.output


def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str]:
    """A command as it is typed: its exit code, and what it says to the error stream."""
    monkeypatch.setattr("sys.argv", ["warehouse", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, capsys.readouterr().err


@pytest.mark.parametrize("words", [("unpark", "one_stop_dossier"), ("replay",)])
def test_a_command_beside_a_run_says_that_the_home_is_busy(
    words: tuple[str, ...], copied: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipelines.replay_command.outdated", lambda *_, **__: [object()])
    with writing(copied):
        code, said = typed(monkeypatch, capsys, *words, "--home", str(copied.root))
    assert code == 1
    assert "Một lần chạy khác đang ghi vào" in said
    assert "Another run is writing to" in said


def test_a_decision_beside_a_build_says_that_it_waits(copied: Home) -> None:
    marking = (
        "release",
        "mark",
        str(current_id(copied)),
        "--by",
        "Trần Thị B",
        "--why",
        "x",
        "--home",
        str(copied.root),
    )
    with ThreadPoolExecutor(1) as beside:
        with sole_builder(copied):
            marked = beside.submit(warehouse, *marking)
            time.sleep(1.0)
            assert not marked.done()
        assert marked.result().exit_code == 0
    assert "Đang chờ… / Another run is building a release. Waiting…" in marked.result().output
    assert "Waiting" not in warehouse(*marking).output


@pytest.mark.parametrize("words", [("mark",), ("prune",), ("rollback",), ("approve",)])
def test_a_decision_on_a_full_disk_says_so_and_not_where_in_the_code(
    words: tuple[str, ...], ran: Ran, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    by = {"mark": ("--by", "Trần Thị B", "--why", "x"), "approve": ("--by", "Trần Thị B", "--reason", "x")}
    asked = (str(current_id(ran.home)),) if words[0] != "prune" else ()
    monkeypatch.setattr("warehouse.publishing.FileLock", full_disk)
    code, said = typed(
        monkeypatch, capsys, "release", *words, *asked, *by.get(words[0], ()), "--home", str(ran.home.root)
    )
    assert code == 1
    assert "Chưa làm xong / Not finished: đĩa đầy / the disk is full" in said
    assert "Traceback" not in said


def test_doctor_sees_a_run_whose_process_was_killed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with history.opened(home) as instance:
        run = instance.create_run_for_job(nightly, status=dg.DagsterRunStatus.STARTED)
    assert "never ended" not in warehouse("doctor", "--home", str(home.root)).output
    monkeypatch.setattr(history, "LONGEST_RUN_S", -1.0)
    told = warehouse("doctor", "--home", str(home.root))
    assert told.exit_code == 1
    assert f"run {run.run_id}" in told.output
    with writing(home):
        """Nobody holds the home that a dead run held."""


def test_a_home_that_no_server_keeps_has_the_settings_that_matter_of_one_that_is_kept(home: Home) -> None:
    served = yaml.safe_load((Path(history.__file__).parents[1] / "deploy" / "dagster.yaml").read_text(encoding="utf-8"))
    own = yaml.safe_load((history.history_folder(home) / "dagster.yaml").read_text(encoding="utf-8"))
    assert own == {name: served[name] for name in own}
    assert served["run_monitoring"]["max_runtime_seconds"] == history.LONGEST_RUN_S


def test_doctor_looks_at_the_rest_where_the_history_of_runs_cannot_be_opened(
    ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.history.opened", full_disk)
    told = warehouse("doctor", "--home", str(ran.home.root))
    assert told.exit_code == 1
    assert "history of runs" in told.output
    assert "the disk is full" in told.output
    assert "duckdb" in told.output


def test_a_release_is_put_back_also_where_its_pages_find_no_room(copied: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed again it would go back one release more, so it must not be said to have failed."""
    first = str(current_id(copied))
    monkeypatch.setattr("pipelines.history.opened", full_disk)
    back = warehouse("release", "rollback", first, "--home", str(copied.root))
    assert back.exit_code == 1
    assert "the next run writes them: đĩa đầy / the disk is full" in back.output


def test_doctor_sees_a_clock_that_went_back(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "clock" not in warehouse("doctor", "--home", str(ran.home.root)).output
    monkeypatch.setattr("pipelines.doctor.CLOCKS_DIFFER", timedelta(days=-2))
    told = warehouse("doctor", "--home", str(ran.home.root))
    assert told.exit_code == 1
    assert "clock" in told.output


def test_doctor_sees_a_file_that_could_be_locked_and_a_stray(copied: Home) -> None:
    release = current_id(copied)
    Path(str(copied.releases), str(release), "analyst.duckdb").chmod(0o644)
    stray = Path(str(copied.landing), "stray.txt")
    stray.write_text("?")
    result = warehouse("doctor", "--home", str(copied.root))
    assert result.exit_code == 1
    assert "chmod 0444" in result.output
    assert "stray.txt" in result.output


def test_ui_becomes_dagster_over_the_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    become: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr("os.execve", lambda _, words, environment: become.append((words, environment)))
    assert warehouse("ui", "--home", str(home.root), "--port", "3111").exit_code == 0
    ((words, environment),) = become
    assert words[words.index("-m", 2) + 1] == "pipelines.definitions"
    assert words[-2:] == ["--port", "3111"]
    assert environment["WAREHOUSE_HOME"] == str(home.root)
    assert Path(environment["DAGSTER_HOME"], "dagster.yaml").exists()


def test_the_end_of_a_run_tells_of_a_held_list_and_of_files_that_could_not_be_taken_in(
    tmp_path: Path, project_root: Path
) -> None:
    landing = tmp_path / "landing" / "agency_list" / "SNV" / "2025-03-01"
    landing.mkdir(parents=True)
    golden = project_root / "tests" / "golden" / "agency_list" / "2025-03-01" / "danh_muc_co_quan.xlsx"
    (landing / golden.name).write_bytes(golden.read_bytes())
    (tmp_path / "landing" / "stray.txt").write_text("?")
    said = warehouse("run", "--home", str(tmp_path))
    assert said.exit_code == 0, said.output
    assert "Danh mục bị giữ lại / list held: agency_list 2025-03-01" in said.output
    assert "lacks 269 of the 274 codes in force" in said.output
    assert "stray.txt: cần nằm trong <biểu>/<đơn vị>/<kỳ>/" in said.output
