"""`warehouse run`: the nightly in this process, with progress bars and a summary of where everything is."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pipelines import alerts
from pipelines.console import RunWatcher, complain, say, size_text
from pipelines.history import history_folder, run_nightly
from pipelines.nightly import Selection
from pipelines.release_command import say_overruns
from pipelines.schedules import alert_of
from reports import published
from reports.year import PROVINCE
from warehouse import machine, standing
from warehouse.intake import landed_files
from warehouse.landing import LandingUnreachable
from warehouse.ledger import counting
from warehouse.locking import HomeIsBusy, writing
from warehouse.publishing import ANALYST_FILE, AUDITS_FILE, find_release, refused_build
from warehouse.release import ReleaseOutcome
from warehouse.storage import Home, open_home

UI_ADDRESS = "http://127.0.0.1:3000"
_EXAMPLES_SHOWN = 3
_SIXTEEN = (
    "SELECT kpi_code, title_vi, value, target, status FROM mart.kpi_scorecard"
    " WHERE kpi_set = 'target_16' AND period = '{period}' AND unit_code = '34' ORDER BY kpi_code"
)


def run_command(path: str | None, extract: str | None, period: str | None, until: str | None) -> int:
    """Run the nightly for a selection of sendings, say what came of it, return the exit code: 0, or 1 when it failed."""
    try:
        home = open_home(path)
        _say_if_busy(home)
    except OSError as error:
        complain(f"Không ghi được vào kho / The home cannot be written to: {machine.words_of(error) or error.strerror}")
        complain("Bản phát hành trước vẫn được dùng. / The last release stays in use.")
        return 1
    selection = Selection(extract=extract, period=period, until=until)
    with RunWatcher() as watcher:
        result = run_nightly(home, selection, watcher)
    if not result.success:
        alert = alert_of(result.dagster_run, (event for event in result.all_events if event.is_step_failure))
        _say_what_failed(home, alert, watcher)
        _tell(alert)
        return 1
    _say_what_came_in(watcher)
    _say_what_was_replaced(home, selection, watcher)
    _say_what_stays_outside(home)
    _say_where(home)
    return 0


def _say_if_busy(home: Home) -> None:
    try:
        with writing(home):
            pass
    except HomeIsBusy as busy:
        complain(f"{busy} Đang chờ… / Waiting…")


def _say_what_failed(home: Home, alert: alerts.Alert, watcher: RunWatcher) -> None:
    outcome = watcher.outcome
    if outcome is not None and outcome.is_held:
        say_overruns(outcome)
    elif outcome is not None and not outcome.is_published:
        _say_failed_audits(home, outcome)
    # The error's message may hold values; it stays in the run's log.
    complain(f"Lỗi / Failed: {', '.join(alert.steps)}: {', '.join(alert.errors)}")
    complain("Bản phát hành trước vẫn được dùng. / The last release stays in use.")
    complain(f"Nhật ký / log: run {alert.run_id}, {history_folder(home)} (make dev → {UI_ADDRESS}/runs/{alert.run_id})")


def _say_failed_audits(home: Home, outcome: ReleaseOutcome) -> None:
    complain("Không phát hành: kiểm toán không đạt / Not published, audits failed:")
    for name, rows in sorted(outcome.failed_audits.items()):
        complain(f"  {name}: {rows} dòng / rows")
    if (refused := refused_build(home)) is None:
        return
    file = refused.folder / AUDITS_FILE
    for name, audit in json.loads(file.read_text(encoding="utf-8")).items():
        complain(f"  {name}: {audit['purpose']}")
        for row in audit["examples"][:_EXAMPLES_SHOWN]:
            complain("    " + ", ".join(f"{column} = {value}" for column, value in row.items()))
    complain(
        f"  Các dòng sai ở / the rows are in: {file}\n"
        "  Sửa tệp nguồn, danh mục hoặc SQL rồi chạy lại; tệp đã nhận không mất."
        " / Mend the file, the list or the SQL and run again; nothing taken in is lost."
    )


def _tell(alert: alerts.Alert) -> None:
    """Runs of the daemon are watched by its own sensor; one of the command line tells by itself."""
    try:
        alerts.send(alert, os.environ)
    except OSError as error:
        complain(f"Không báo được / could not tell anyone: {type(error).__name__}")


def _say_what_came_in(watcher: RunWatcher) -> None:
    outcome = watcher.outcome
    if outcome is not None and outcome.is_held:
        say_overruns(outcome)
        return
    if outcome is not None and outcome.is_rejected:
        say(
            f"Bản này đã bị bác, không dựng lại / This release was rejected and is not built again: {outcome.release_id}"
        )
        return
    if outcome is not None and not outcome.is_new and not watcher.deliveries_judged:
        say(f"Không có gì mới; bản phát hành vẫn là / Nothing is new; the release is still: {outcome.release_id}")
        return
    say(
        f"Tệp mới / new files: {len(watcher.sendings)} · đã kiểm tra / judged: {watcher.deliveries_judged}"
        f" (gửi lại y nguyên thì không kiểm tra lại / a file sent again unchanged is not judged again)"
        f" · bị từ chối / refused: {watcher.deliveries_refused}"
    )


def _say_what_was_replaced(home: Home, selection: Selection, watcher: RunWatcher) -> None:
    """New files of which another new one took the place: two halves of a period sent as two files look just so."""
    new = {sending.sending_id for sending in watcher.sendings}
    if len({standing.slot_of(sending) for sending in watcher.sendings}) == len(new):
        return
    judged, _ = counting(home, selection.received_by)
    pairs = [pair for pair in standing.replaced(judged) if new.issuperset(sent.sending_id for sent in pair)]
    if not pairs:
        return
    complain(
        f"Tệp mới bị tệp mới khác cùng kỳ thay / new files replaced by another new one of their period: {len(pairs)}"
        " (quality.delivery, returns/)"
    )
    for earlier, later in pairs[:_EXAMPLES_SHOWN]:
        complain(
            f"  {later.extract} {later.supplier_code} {later.period}: {later.file_name} thay {earlier.file_name}, chỉ tính"
            f" tệp sau / {later.file_name} took the place of {earlier.file_name}, only the later file counts"
        )


def _say_what_stays_outside(home: Home) -> None:
    """Files that lie where nothing can be taken in: whoever put them there is waiting."""
    try:
        strays = landed_files(home)[1]
    except LandingUnreachable as error:
        complain(str(error))
        return
    if not strays:
        return
    complain(
        f"Không nhận được / cannot be taken in: {len(strays)} tệp trong landing/ / files in landing/ (warehouse doctor)"
    )
    for stray in strays[:_EXAMPLES_SHOWN]:
        complain(f"  {stray.relative}: {stray.reason_vi} / {stray.reason_en}")


def _say_where(home: Home) -> None:
    release = find_release(home)
    if release is None:
        return
    say("")
    say(_targets_line(home))
    say(f"Kho / warehouse:        {home.releases / 'current' / ANALYST_FILE}")
    say(f"Bảng chỉ tiêu / page:   {home.site / 'index.html'}")
    say(f"Giao diện / UI:         make dev → {UI_ADDRESS}")
    say(f'Hỏi kho / ask:          warehouse sql "{_SIXTEEN.format(period=_reported_period(home))}"')
    say(f"Dung lượng / disk used: {size_text(disk_used(home))}")
    for line in _held_lists(home):
        complain(line)


def _reported_period(home: Home) -> str | None:
    with published.current_release(home) as con:
        found = published.rows(con, "reported_period", {"unit_code": PROVINCE})
    return str(found[0]["period"]) if found else None


def _targets_line(home: Home) -> str:
    period = _reported_period(home)
    if period is None:
        return "Chưa có bảng chỉ tiêu / No scorecard yet"
    with published.current_release(home) as con:
        figures = published.rows(con, "figures", {"period": period, "unit_code": PROVINCE})
        simulated = published.release_note(con).is_simulated
    sixteen = [figure for figure in figures if figure["kpi_set"] == "target_16"]
    met = sum(figure["status"] == "met" for figure in sixteen)
    mark = " — số liệu MÔ PHỎNG / SIMULATED data" if simulated else ""
    return f"{period}: đạt {met}/{len(sixteen)} chỉ tiêu / {met} of {len(sixteen)} targets met{mark}"


def _held_lists(home: Home) -> list[str]:
    """One line per list that waits for a person; a release of an older version has no table of them."""
    with published.current_release(home) as con:
        if "quality.reference_list" not in {row["table_name"] for row in published.rows(con, "tables")}:
            return []
        return [
            f"Danh mục bị giữ lại / list held: {row['extract']} {row['in_force_on']}\n"
            f"  {row['message_vi']}\n  {row['message_en']}\n  SHA-256 {row['sha256']}"
            for row in published.rows(con, "lists_held")
        ]


def disk_used(home: Home) -> int:
    """Bytes below the home, every file once; links are not followed."""
    if not home.is_local:
        return 0
    return sum(
        entry.lstat().st_size for entry in Path(str(home.root)).rglob("*") if not entry.is_symlink() and entry.is_file()
    )
