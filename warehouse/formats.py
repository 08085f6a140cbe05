"""Which layout of the ledger and of a release's record this version writes, and refusing what a newer version wrote.

A layout's number rises only when an older version would misread it. What is in the files belongs to `ledger` and `release`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from warehouse.storage import Home

LEDGER_FORMAT = 1
RELEASE_FORMAT = 1
_FILE = "format.json"


class NewerFormatError(Exception):
    """A newer version wrote it; the message says so in both languages."""

    def __init__(self, what_vi: str, what_en: str, found: int, known: int) -> None:
        super().__init__(
            f"{what_vi} do phiên bản mới hơn ghi (định dạng {found}, bản này đọc đến {known}): hãy nâng cấp phần mềm."
            f" / The {what_en} was written by a newer version (format {found}, this one reads up to {known}): upgrade first."
        )


def require_readable_ledger(home: Home) -> None:
    """Raise NewerFormatError when the ledger is of a newer layout; one without a number is of the first."""
    file = home.ledger / _FILE
    if file.exists():
        _require("Sổ cái", "ledger", int(orjson.loads(file.read_bytes())["format"]), LEDGER_FORMAT)


def number_ledger(home: Home) -> None:
    """Write down the layout of a ledger that is being begun."""
    from warehouse.storage import put_bytes

    if not (home.ledger / _FILE).exists():
        put_bytes(home.ledger / _FILE, orjson.dumps({"format": LEDGER_FORMAT}))


def require_readable_release(release_id: str, written_as: int) -> None:
    """Raise NewerFormatError when a release's record is of a newer layout."""
    _require(f"Bản phát hành {release_id}", f"release {release_id}", written_as, RELEASE_FORMAT)


def _require(what_vi: str, what_en: str, found: int, known: int) -> None:
    if found > known:
        raise NewerFormatError(what_vi, what_en, found, known)
