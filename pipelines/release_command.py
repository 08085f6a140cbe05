"""`warehouse release verify` and `rollback`: what is said of them; the work is done by `warehouse`."""

from __future__ import annotations

from pipelines.console import complain, say
from warehouse.publishing import NoSuchReleaseError, current_id, list_releases, rollback
from warehouse.release import verify as verify_release
from warehouse.storage import Home, open_home


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
        f"Quay lại / to undo: warehouse release rollback {before}"
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
