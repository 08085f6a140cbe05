"""`warehouse release …`: what is said of verifying, comparing, deciding and rolling back; the work is done by `warehouse`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from pipelines import outages
from pipelines.console import NOTHING_PUBLISHED, complain, say, show_rows, size_text
from warehouse.budget import Overrun, overruns
from warehouse.decisions import NamelessDecisionError, is_approved, marked
from warehouse.difference import Difference
from warehouse.publications import DeliveryChange, values_of
from warehouse.publishing import (
    NoSuchReleaseError,
    current_id,
    held_build,
    in_place_before,
    is_being_built,
    kept_record,
    list_releases,
    recorded_ids,
    rollback,
)
from warehouse.release import CurrentReleaseError, ReleaseOutcome, difference_between
from warehouse.release import approve as approve_release
from warehouse.release import reject as reject_release
from warehouse.release import verify as verify_release
from warehouse.retention import mark as mark_release
from warehouse.retention import prune as prune_releases
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


def list_all(path: str | None) -> int:
    """Show every release that is there, is held, or was removed: 0, or 2 when there never was one."""
    home = open_home(path)
    releases, held, kept = list_releases(home), held_build(home), marked(home)
    there = {release.release_id for release in releases} | ({held.release_id} if held else set())
    removed = [each for each in recorded_ids(home) if each not in there]
    if not releases and held is None:
        complain(NOTHING_PUBLISHED)
        return 2
    rows = [
        *((_gone(home, release_id), kept_record(home, release_id) or {}) for release_id in removed),
        *((_MARKED if each.release_id in kept else "", each.record) for each in releases),
        *((_HELD, each.record) for each in (held,) if each),
    ]
    current = current_id(home)
    show_rows(
        ["", "release", "built_at", "as_of", "state"],
        [
            (
                "→" if record["release_id"] == current else "",
                record["release_id"],
                _moment(record["built_at"]),
                _moment(record["as_of"]),
                state,
            )
            for state, record in sorted(rows, key=lambda row: str(row[1]["built_at"]))
        ],
        "table",
    )
    return 0


def show_vintages(path: str | None, kpi_code: str, unit_code: str, period: str | None, form: str) -> int:
    """Show every value ever published of an indicator: 0, or 1 when there is none."""
    values = values_of(open_home(path), kpi_code, unit_code, period)
    if not values:
        complain(
            f"Chưa công bố số nào của {kpi_code} ở đơn vị {unit_code}"
            f" / No figure of {kpi_code} was published for unit {unit_code}"
        )
        return 1
    show_rows(
        ["period", "published_at", "release", "numerator", "denominator", "value", "status", "because"],
        [
            (
                each.period,
                f"{each.published_at:%d/%m/%Y %H:%M}",
                each.release_id,
                each.numerator,
                each.denominator,
                each.value,
                _GONE if each.is_gone else each.status,
                "; ".join(map(_because, each.deliveries)),
            )
            for each in values
        ],
        form,
    )
    return 0


_GONE = "không còn / gone"
_CHANGES = {
    "arrived": "mới / arrived",
    "replaced": "bị thay / replaced",
    "withdrawn": "rút lại / withdrawn",
    "counts_again": "lại được tính / counts again",
    "judged_again": "kiểm tra lại / judged again",
    "left_out": "không tính / left out",
}


def _because(change: DeliveryChange) -> str:
    return f"{change.delivery_id} {change.extract} {change.period}: {_CHANGES[change.change]}"


_MARKED = "giữ lại / marked"
_HELD = "chờ duyệt / held"


def _gone(home: Home, release_id: str) -> str:
    """Why a release that has a record is not there."""
    return "bị bác / rejected" if is_approved(home, release_id) is False else "đã xoá / pruned"


def _moment(said: str | None) -> str:
    return f"{datetime.fromisoformat(said):%d/%m/%Y %H:%M}" if said else "—"


def _to_decide_in(path: str | None) -> Home:
    """The home, with a word to whoever has to wait until a run is ready."""
    home = open_home(path)
    if is_being_built(home):
        complain("Một lần chạy khác đang dựng bản phát hành. Đang chờ… / Another run is building a release. Waiting…")
    return home


def mark(path: str | None, release_id: str, by: str, why: str, *, is_kept: bool) -> int:
    """Keep a release whatever its age, or no longer: 0, or 2 when it is not there."""
    try:
        mark_release(_to_decide_in(path), release_id, by=by, reason=why, is_kept=is_kept)
    except NoSuchReleaseError as missing:
        return _no_such(missing)
    except NamelessDecisionError:
        return _nameless()
    say(f"{'Giữ lại / Kept' if is_kept else 'Thôi giữ / No longer kept'}: {release_id}")
    return 0


def prune(path: str | None, *, dry_run: bool) -> int:
    """Remove the releases that need not stay, or say which."""
    removed = prune_releases(_to_decide_in(path), dry_run=dry_run)
    for each in removed:
        say(f"  {each.release_id}  {each.built_at:%d/%m/%Y %H:%M}  {size_text(each.size_bytes)}")
    what = "sẽ xoá / to be removed" if dry_run else "đã xoá, hồ sơ còn lại / removed, records stay"
    say(f"{what}: {len(removed)}, {size_text(sum(each.size_bytes for each in removed))}")
    return 0


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


def _overrun_lines(over: Iterable[Overrun]) -> Iterator[str]:
    for each in over:
        yield (
            f"  {each.table}: {_WHAT[each.what]}: {each.found} trong / of {each.of}, cho phép / allowed {each.allowed}"
        )


def approve(path: str | None, release_id: str, by: str, reason: str) -> int:
    """Publish a held release in a person's name and write its pages: 0, 1 when the pages failed, 2 when it cannot be."""
    home = _to_decide_in(path)
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
    return _show(home, "warehouse release approve")


def _show(home: Home, started_by: str) -> int:
    """Tell of the release in place and write its pages: 0, or 1 when that failed; the next run makes it good."""
    from pipelines.history import run_release_in_place

    try:
        told = run_release_in_place(home, started_by)
    except Exception as error:
        # The history of runs could not be written.
        if (words := outages.words_of(error)) is None:
            raise
        return _unshown(str(words))
    return 0 if told.success else _unshown(f"make dev → Runs → {told.run_id}")


def _unshown(why: str) -> int:
    complain(
        "Không viết được báo cáo, lần chạy tới viết lại"
        f" / The reports could not be written, the next run writes them: {why}"
    )
    return 1


def reject(path: str | None, release_id: str, by: str, reason: str) -> int:
    """Turn a release down in a person's name: 0, or 2 when it cannot be."""
    home = _to_decide_in(path)
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
    """Put a release back in place, by default the one that was in place before the current one, and write its pages.

    0, 1 when the pages failed, 2 when there is no such release.
    """
    home = _to_decide_in(path)
    before = current_id(home)
    try:
        release = rollback(home, release_id or in_place_before(home) or "—")
    except NoSuchReleaseError as missing:
        return _no_such(missing)
    say(
        f"Bản hiện hành / current release: {before} → {release.release_id}"
        f" (số liệu đến / as of {_moment(release.record['as_of'])})\n"
        f"Quay lại / to undo: warehouse release rollback {before}\n"
        f"Lần chạy tới dựng lại bản mới nhất, trừ khi bị bác / The next run puts the newest back unless it is rejected:"
        f" warehouse release reject {before} --by … --reason …"
    )
    return _show(home, "warehouse release rollback")


def _no_such(missing: NoSuchReleaseError) -> int:
    complain(f"Không có bản phát hành / No such release: {missing}")
    return 2


def _nameless() -> int:
    complain("Cần tên người quyết định và lý do / A name and a reason are needed: --by … --reason …")
    return 2
