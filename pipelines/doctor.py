"""`warehouse doctor`: is the warehouse well. Each finding says what was looked at and what was seen, in one line."""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from pipelines import outages
from pipelines.console import size_text
from warehouse import keys
from warehouse.attempts import MOST_ATTEMPTS, unjudged
from warehouse.intake import awaited_files, landed_files
from warehouse.landing import LandingUnreachable
from warehouse.ledger import LOCAL_TIME, counting, read_sendings
from warehouse.publishing import (
    ANALYST_FILE,
    AUDITS_FILE,
    RESTRICTED_FILE,
    find_release,
    held_build,
    list_releases,
    refused_build,
)
from warehouse.pulls.pulling import last_note
from warehouse.pulls.sources import SourcesInvalid, read_sources
from warehouse.replaying import outdated
from warehouse.storage import Home

LEAST_FREE_BYTES = 5_000_000_000
MOST_STRAYS_SHOWN = 10
MOST_AWAITED_SHOWN = 3
OLDEST_NIGHTLY = timedelta(hours=26)
CLOCKS_DIFFER = timedelta(minutes=5)
_PACKAGES = ("duckdb", "polars", "pandera", "dagster")
_SUPPORTED_DUCKDB = ((1, 5, 5), (3,))
_ANYBODY_MAY_WRITE = 0o222
_OTHERS_MAY_READ = 0o077


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `hint` says what to do when it is not well."""

    subject: str
    seen: str
    is_well: bool = True
    hint: str = ""


def examine(home: Home) -> list[Finding]:
    """Look at everything; nothing is changed."""
    return [
        Finding("Kho / home", str(home.root)),
        *_runs(home),
        *_clock(home),
        _release(home),
        *_kept_back(home),
        *_held(home),
        *_waiting(home),
        *_under_earlier_rules(home),
        *_unjudged(home),
        *_editions(home),
        _free_disk(home),
        *_token_key(),
        _encryption(),
        *_landing(home),
        *_pulls(home),
        *_versions(),
    ]


def _runs(home: Home) -> Iterator[Finding]:
    """What the history of runs says; where it cannot be opened, everything else is looked at all the same."""
    try:
        yield _nightly(home)
        yield from _failed_nightly(home)
        yield from _left_running(home)
    except Exception as error:
        if (words := outages.words_of(error)) is None:
            raise
        yield Finding("Lịch sử các lần chạy / history of runs", str(words), False, str(home.dagster))


def _nightly(home: Home) -> Finding:
    from pipelines.history import last_good_nightly

    subject = "Lần chạy tốt gần nhất / last good nightly"
    ended_at = last_good_nightly(home)
    if ended_at is None:
        return Finding(subject, "—", False, "warehouse run")
    age = timedelta(seconds=time.time() - ended_at)
    seen = f"{datetime.fromtimestamp(ended_at, LOCAL_TIME):%d/%m/%Y %H:%M}"
    return Finding(subject, seen, age <= OLDEST_NIGHTLY, "hơn một ngày / over a day old: make dev, warehouse run")


def _failed_nightly(home: Home) -> Iterator[Finding]:
    from pipelines.history import failed_since

    if (run_id := failed_since(home)) is not None:
        subject = "Lần chạy gần nhất / last nightly"
        yield Finding(subject, f"thất bại / failed: run {run_id}", False, f"make dev → Runs → {run_id}; warehouse run")


def _left_running(home: Home) -> Iterator[Finding]:
    from pipelines.history import left_running

    if (run_id := left_running(home)) is not None:
        hint = "tiến trình đã chết / its process died: systemctl restart warehouse, make dev; warehouse run"
        yield Finding("Lần chạy chưa kết thúc / a run that never ended", f"run {run_id}", False, hint)


def _clock(home: Home) -> Iterator[Finding]:
    """A clock that went back shows by what was written later than now."""
    moments = [sending.recorded_at for sending in read_sendings(home)]
    moments += [release.built_at for release in list_releases(home)]
    latest = max(moments, default=None)
    if latest is not None and latest > datetime.now(LOCAL_TIME) + CLOCKS_DIFFER:
        yield Finding(
            "Đồng hồ / clock",
            f"kho có mốc / the home has {latest:%d/%m/%Y %H:%M}",
            False,
            "đồng hồ máy chạy lùi hoặc từng chạy trước / the clock went back, or was ahead once: timedatectl",
        )


def _kept_back(home: Home) -> Iterator[Finding]:
    refused = refused_build(home)
    if refused is None:
        return
    failed = ", ".join(f"{name}: {rows}" for name, rows in refused.record["audits"].items() if rows)
    hint = f"xem dòng sai / see the rows: {refused.folder / AUDITS_FILE}"
    yield Finding("Bản bị kiểm toán giữ lại / kept back by audits", failed, False, hint)


def _held(home: Home) -> Iterator[Finding]:
    if (held := held_build(home)) is not None:
        hint = f"warehouse release diff; warehouse release approve | reject {held.release_id} --by … --reason …"
        yield Finding("Bản chờ người duyệt / waits for a decision", held.release_id, False, hint)


def _waiting(home: Home) -> Iterator[Finding]:
    release = find_release(home)
    if release is None:
        return
    released = {sending["sending_id"] for sending in release.record["sendings"]}
    _, judged = counting(home)
    waiting = sum(
        sending.sending_id not in released and sending.delivery_id in judged for sending in read_sendings(home)
    )
    yield Finding("Tệp đã kiểm tra, chờ phát hành / judged, not yet released", str(waiting))


def _under_earlier_rules(home: Home) -> Iterator[Finding]:
    if deliveries := len(outdated(home)):
        subject = "Tệp còn theo bộ luật cũ / still judged by earlier rules"
        yield Finding(subject, f"{deliveries} (warehouse replay --dry-run)")


def _unjudged(home: Home) -> Iterator[Finding]:
    _, judged = counting(home)
    for each in unjudged(home).values():
        if each.delivery_id in judged:
            continue
        subject = f"Kiểm tra bị dừng vì tệp / judging died of {each.extract} {each.supplier_code} {each.period}"
        seen = f"{each.delivery_id}, {each.how}, lần / attempt {each.attempts}/{MOST_ATTEMPTS}"
        hint = (
            f"warehouse unpark {each.extract} {each.supplier_code} {each.period}" if each.is_parked else "warehouse run"
        )
        yield Finding(subject, seen, False, hint)


def _release(home: Home) -> Finding:
    release = find_release(home)
    if release is None:
        return Finding("Bản phát hành / release", "—", False, "warehouse run")
    as_of = f"{release.as_of:%d/%m/%Y %H:%M}" if release.as_of else "—"
    return Finding("Bản phát hành / release", f"{release.release_id}, {as_of}")


def _editions(home: Home) -> Iterator[Finding]:
    release = find_release(home)
    for name in (ANALYST_FILE, RESTRICTED_FILE) if release else ():
        mode = (release.folder / name).stat().st_mode & 0o777  # type: ignore[union-attr]
        # A file that a client can open for writing is one that a client can lock for everybody.
        yield Finding(name, f"{mode:04o}", not mode & _ANYBODY_MAY_WRITE, "chmod 0444")


def _free_disk(home: Home) -> Finding:
    if not home.is_local:
        return Finding("Đĩa trống / free disk", "—")
    free_bytes = shutil.disk_usage(str(home.root)).free
    return Finding(
        "Đĩa trống / free disk", size_text(free_bytes), free_bytes >= LEAST_FREE_BYTES, "dọn đĩa / free some space"
    )


def _token_key() -> Iterator[Finding]:
    path = keys.key_file()
    subject = "Khoá mã hoá danh tính / token key"
    if not path.exists():
        yield Finding(subject, "—", True, "warehouse run")
        return
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS_MAY_READ:
        yield Finding(subject, f"{path} {mode:04o}", False, f"chmod 600 {path}")
        return
    yield Finding(subject, f"{keys.token_key().id}, {path} {mode:04o}")


def _encryption() -> Finding:
    try:
        seen = "có / on" if keys.encryption_key() else "không / off"
    except ValueError as error:
        return Finding("Mã hoá lưu trữ / encryption", "?", False, str(error))
    return Finding("Mã hoá lưu trữ / encryption", seen)


def _landing(home: Home) -> Iterator[Finding]:
    try:
        landed, strays = landed_files(home)
        waiting = awaited_files(home)
    except LandingUnreachable as error:
        yield Finding("Tệp trong landing/ / files landed", "?", False, str(error))
        return
    seen = f"{len(landed)}, chưa nhận / not yet taken in: {len(waiting)}"
    if 0 < len(waiting) <= MOST_AWAITED_SHOWN:
        why = waiting[0]
        seen += f" ({', '.join(file.relative for file in waiting)}: {why.reason_vi} / {why.reason_en})"
    yield Finding("Tệp trong landing/ / files landed", seen)
    for stray in strays[:MOST_STRAYS_SHOWN]:
        yield Finding(f"landing/{stray.relative}", stray.reason_vi, False, stray.reason_en)
    if len(strays) > MOST_STRAYS_SHOWN:
        yield Finding("landing/…", f"còn / more: {len(strays) - MOST_STRAYS_SHOWN}", False)


def _pulls(home: Home) -> Iterator[Finding]:
    try:
        sources = read_sources(home)
    except SourcesInvalid as invalid:
        yield Finding("Nguồn để lấy / sources", "?", False, str(invalid))
        return
    for name in sources:
        note = last_note(home, name)
        subject = f"Nguồn / source {name}"
        if note is None:
            yield Finding(subject, "—")
            continue
        seen = f"{note.pulled_at:%d/%m/%Y %H:%M}, {note.period}: {note.outcome}"
        yield Finding(subject, seen, note.is_well, f"{note.reason_vi} / {note.reason_en}")


def _versions() -> Iterator[Finding]:
    yield Finding("Python", platform.python_version())
    for name in _PACKAGES:
        try:
            installed = version(name)
        except PackageNotFoundError:
            yield Finding(name, "—", False, "make setup")
            continue
        yield Finding(name, installed, name != "duckdb" or _is_supported(installed), ">=1.5.5,<3")


def _is_supported(duckdb_version: str) -> bool:
    numbers = tuple(int(part) for part in duckdb_version.split(".")[:3] if part.isdigit())
    lowest, above = _SUPPORTED_DUCKDB
    return lowest <= numbers < above
