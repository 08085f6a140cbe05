"""`warehouse release …`: what is said of verifying, comparing, deciding and rolling back; the work is done by `warehouse`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.console import complain, say, show_rows
from warehouse.budget import overruns
from warehouse.decisions import NamelessDecisionError
from warehouse.difference import Difference
from warehouse.publishing import NoSuchReleaseError, current_id, list_releases, rollback
from warehouse.release import CurrentReleaseError, ReleaseOutcome, difference_between
from warehouse.release import approve as approve_release
from warehouse.release import reject as reject_release
from warehouse.release import verify as verify_release
from warehouse.storage import Home, open_home

_TO_DECIDE = (
    "Xem / look: warehouse release diff\n"
    "Duyệt / approve: warehouse release approve {release_id} --by … --reason …\n"
    "Bác / reject: warehouse release reject {release_id} --by … --reason …"
)
_WHAT = {
    "removed": "dòng mất / rows removed",
    "changed": "dòng đổi / rows changed",
    "moved": "số liệu đổi / figures moved",
}


def verify(path: str | None, release_id: str | None) -> int:
    """Rebuild a release from the ledger and compare: 0 when every hash agrees, 1 when not, 2 when there is none."""
    try:
        verification = verify_release(open_home(path), release_id)
    except NoSuchReleaseError as missing:
        return _no_such(missing)
    for table, (said, found) in verification.differences.items():
        complain(f"  {table}: {said} ≠ {found}")
    if verification.is_same:
        say(f"Khớp / Verified: {verification.release_id}, {verification.tables} bảng / tables")
        return 0
    complain(f"Không khớp / Not the same: {verification.release_id}")
    return 1


def show_difference(path: str | None, older: str | None, newer: str | None, form: str) -> int:
    """Show what differs between two releases: 0, or 2 when one of them is not there."""
    home = open_home(path)
    try:
        difference = difference_between(home, older, newer)
    except NoSuchReleaseError as missing:
        return _no_such(missing)
    if difference is None:
        say("Chưa có bản nào trước đó để so / There is no release before it to compare with.")
        return 0
    if form == "table":
        say(f"{difference.before} → {difference.after}")
    show_rows(
        ["table", "rows_before", "rows_after", "added", "removed", "changed"],
        [
            (table.name, table.rows_before, table.rows_after, table.added, table.removed, table.changed)
            for table in difference.tables
            if not table.is_same
        ],
        form,
    )
    if form == "table":
        _show_figures(difference)
    return 0


def _show_figures(difference: Difference) -> None:
    columns = ("period", "kpi_code", "value_before", "value_after", "status_before", "status_after")
    show_rows(columns, [[figure[name] for name in columns] for figure in difference.province_figures], "table")
    say(
        f"Số liệu kỳ đã khoá sổ / figures of closed periods: {difference.figures_closed_moved}"
        f" đổi trong / moved of {difference.figures_closed}"
    )
    if difference.is_under_other_rules:
        say("Hai bản theo hai bộ quy tắc khác nhau. / The two were made under different rules.")
    for line in _overrun_lines(overruns(difference)):
        complain(line)


def say_overruns(outcome: ReleaseOutcome) -> None:
    """Say that a release is held, by which budgets, and what a person can do."""
    complain(
        f"Bản mới chờ người duyệt, bản trước vẫn được dùng / The new release waits for a decision, the one before stays:"
        f" {outcome.release_id}"
    )
    for line in _overrun_lines(outcome.overruns):
        complain(line)
    complain(_TO_DECIDE.format(release_id=outcome.release_id))


def _overrun_lines(over: Any) -> Iterator[str]:
    for each in over:
        yield (
            f"  {each.table}: {_WHAT[each.what]}: {each.found} trong / of {each.of}, cho phép / allowed {each.allowed}"
        )


def approve(path: str | None, release_id: str, by: str, reason: str) -> int:
    """Publish a held release in a person's name and write its pages: 0, or 2 when it cannot be."""
    from assets.report_pages import write_reports

    home = open_home(path)
    try:
        published = approve_release(home, release_id, by=by, reason=reason)
    except NoSuchReleaseError as missing:
        return _no_such(missing)
    except NamelessDecisionError:
        return _nameless()
    if published is None:
        say(f"Đã duyệt; lần chạy tới sẽ dựng lại / Approved; the next run builds it again: {release_id}")
        return 0
    say(f"Đã duyệt và phát hành / Approved and published: {release_id}")
    write_reports(home)
    return 0


def reject(path: str | None, release_id: str, by: str, reason: str) -> int:
    """Turn a release down in a person's name: 0, or 2 when it cannot be."""
    home = open_home(path)
    try:
        reject_release(home, release_id, by=by, reason=reason)
    except NoSuchReleaseError as missing:
        return _no_such(missing)
    except NamelessDecisionError:
        return _nameless()
    except CurrentReleaseError:
        complain("Bản này đang được dùng / This one is in use: warehouse release rollback")
        return 2
    say(f"Đã bác / Rejected: {release_id}\nBản hiện hành / current release: {current_id(home)}")
    return 0


def roll_back(path: str | None, release_id: str | None) -> int:
    """Put a release back in place, by default the one published before the current one."""
    home = open_home(path)
    before = current_id(home)
    try:
        release = rollback(home, release_id or _before_current(home))
    except NoSuchReleaseError as missing:
        return _no_such(missing)
    say(
        f"Bản hiện hành / current release: {before} → {release.release_id}"
        f" (số liệu đến / as of {release.as_of:%d/%m/%Y %H:%M})\n"
        f"Quay lại / to undo: warehouse release rollback {before}\n"
        f"Lần chạy tới dựng lại bản mới nhất, trừ khi bị bác / The next run puts the newest back unless it is rejected:"
        f" warehouse release reject {before} --by … --reason …"
    )
    return 0


def _before_current(home: Home) -> str:
    earlier = ""
    for release in list_releases(home):
        if release.is_current:
            break
        earlier = release.release_id
    if not earlier:
        raise NoSuchReleaseError("—")
    return earlier


def _no_such(missing: NoSuchReleaseError) -> int:
    complain(f"Không có bản phát hành / No such release: {missing}")
    return 2


def _nameless() -> int:
    complain("Cần tên người quyết định và lý do / A name and a reason are needed: --by … --reason …")
    return 2
