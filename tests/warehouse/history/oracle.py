"""What versions must come out of dated lists, worked out day by day in plain Python, sharing nothing with the SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.warehouse.history.lists_in_memory import ENDED, UNREAD, DatedList, Row, Version

Known = dict[str, tuple[Row, str]]
"""Codes in force, each with the row that says so and where it stands."""


def expected_versions(lists: Sequence[DatedList], most_missing_share: float, missing_allowed: int) -> list[Version]:
    """The versions, by the rules of a clerk who keeps a register by hand."""
    register: Known = {}
    open_since: dict[str, tuple[date, str]] = {}
    versions: list[Version] = []
    for day in sorted({each.in_force_on for each in lists}):
        after = _after(day, lists, register, most_missing_share, missing_allowed)
        for code in sorted(register.keys() | after.keys()):
            before_facts = register[code][0].facts if code in register else None
            after_facts = after[code][0].facts if code in after else None
            if code in register and (code not in after or before_facts != after_facts):
                since, origin = open_since.pop(code)
                versions.append((code, since, day, origin))
            if code in after and code not in open_since:
                open_since[code] = (day, after[code][1])
        register = after
    versions += [(code, since, None, origin) for code, (since, origin) in open_since.items()]
    return sorted(versions, key=lambda version: version[:2])


def _after(day: date, lists: Sequence[DatedList], register: Known, share: float, allowed: int) -> Known:
    """The register after a day: its lists are entered one after the other, each over what the earlier ones entered."""
    entered: Known = {}
    gone: set[str] = set()
    unread: set[str] = set()
    cleared: set[str | None] = set()
    everything_cleared = False
    for number, each in enumerate(lists):
        if each.in_force_on != day or is_held(each, register, share, allowed):
            continue
        kind = kind_of(each)
        scopes = {row.scope for row in each.rows.values() if row.said != UNREAD and kind == "partial"}
        if kind == "full":
            entered, gone, unread, cleared, everything_cleared = {}, set(), set(), set(), True
        if kind == "partial":
            cleared |= scopes
            entered = {code: known for code, known in entered.items() if known[0].scope not in scopes}
        for position, (code, row) in enumerate(each.rows.items(), start=1):
            entered.pop(code, None)
            gone.discard(code)
            unread.discard(code)
            if row.said == ENDED:
                gone.add(code)
            elif row.said == UNREAD:
                unread.add(code)
            else:
                entered[code] = (row, f"{number}/{position}")
    kept = {
        code: known
        for code, known in register.items()
        if code in unread
        or (code not in entered and code not in gone and not everything_cleared and known[0].scope not in cleared)
    }
    return kept | entered


def kind_of(each: DatedList) -> str:
    """What a list speaks for; one of which nothing could be read speaks for nothing."""
    return each.kind if any(row.said != UNREAD for row in each.rows.values()) else "delta"


def is_held(each: DatedList, register: Known, share: float, allowed: int) -> bool:
    """Whether a list lacks so much of what was in force before its day that a person must look."""
    if each.decision is not None:
        return each.decision == "rejected"
    kind = kind_of(each)
    if kind == "delta":
        return False
    scopes = {row.scope for row in each.rows.values() if row.said != UNREAD}
    expected = {code for code, known in register.items() if kind == "full" or known[0].scope in scopes}
    missing = len(expected - each.rows.keys())
    return missing > allowed and missing > share * len(expected)
