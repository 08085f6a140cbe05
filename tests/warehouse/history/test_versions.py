"""Dated lists become versions: whatever lists came, in whatever order of days, the versions are those of the oracle."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.history.lists_in_memory import ENDED, LISTED, UNREAD, DatedList, Row, Version, versions_of
from tests.warehouse.history.oracle import expected_versions

DAY = date(2024, 1, 1)
CODES = [f"c{number}" for number in range(12)]
SCOPES = ("north", "south")


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def rows_said(of: str) -> st.SearchStrategy[Row]:
    if of == UNREAD:
        return st.just(Row(None, None, UNREAD))
    return st.builds(Row, st.sampled_from(["one", "two", "three"]), st.sampled_from(SCOPES), st.just(of))


@st.composite
def dated_lists(draw: st.DrawFn) -> DatedList:
    kind = draw(st.sampled_from(["full", "full", "partial", "delta"]))
    said = st.sampled_from([LISTED] * 8 + [UNREAD] + [ENDED] * (kind == "delta")).flatmap(rows_said)
    return DatedList(
        on(draw(st.integers(0, 6))),
        draw(st.dictionaries(st.sampled_from(CODES), said, max_size=len(CODES))),
        kind,
        decision=draw(st.sampled_from([None] * 6 + ["accepted", "rejected"])),
    )


@settings(max_examples=80)
@given(
    lists=st.lists(dated_lists(), max_size=9),
    share=st.sampled_from([0.2, 0.5, 1.0]),
    allowed=st.integers(0, 3),
)
def test_versions_are_those_of_the_oracle(lists: list[DatedList], share: float, allowed: int) -> None:
    found = versions_of(lists, most_missing_share=share, missing_allowed=allowed)
    assert found == expected_versions(lists, share, allowed)
    assert_sound(found)


def assert_sound(versions: list[Version]) -> None:
    """What the audit of TPC-DI asks of a dimension with history: distinct keys, no overlap, nothing empty, one open end."""
    keys = [(code, valid_from) for code, valid_from, _, _ in versions]
    assert len(keys) == len(set(keys))
    for (code, valid_from, valid_to, _), (next_code, next_from, _, _) in pairwise(versions):
        assert valid_to is None or valid_from < valid_to
        if code == next_code:
            assert valid_to is not None
            assert valid_to <= next_from


def full(days: int, *codes: str, **facts: str) -> DatedList:
    """A full list in which every code has its facts, `x` where none are named."""
    return DatedList(on(days), {code: Row(facts.get(code, "x")) for code in (*codes, *facts)})


def spans(lists: list[DatedList], **limits: float) -> list[tuple[str, int, int | None]]:
    share, allowed = limits.get("share", 1.0), int(limits.get("allowed", 0))
    return [
        (code, (valid_from - DAY).days, (valid_to - DAY).days if valid_to else None)
        for code, valid_from, valid_to, _ in versions_of(lists, most_missing_share=share, missing_allowed=allowed)
    ]


def test_a_code_that_vanishes_closes_and_one_that_returns_opens_anew() -> None:
    assert spans([full(0, "a", "b"), full(1, "a"), full(2, "a", "b")]) == [("a", 0, None), ("b", 0, 1), ("b", 2, None)]


def test_the_order_of_arrival_of_different_days_does_not_matter() -> None:
    lists = [full(0, "a", "b"), full(1, a="y"), full(2, "b", a="y"), full(3, "a")]
    expected = spans(lists)
    for seed in range(8):
        assert spans(random.Random(seed).sample(lists, len(lists))) == expected


def test_the_same_list_twice_changes_nothing() -> None:
    assert spans([full(0, "a"), full(0, "a"), full(1, "a")]) == [("a", 0, None)]


def test_a_later_list_of_the_same_day_replaces_the_earlier() -> None:
    assert spans([full(0, "a", "wrong"), full(1, "a", "b"), full(0, "a")]) == [("a", 0, None), ("b", 1, None)]


def test_a_correction_of_a_few_rows_stands_on_the_list_of_its_day() -> None:
    correction = DatedList(on(0), {"a": Row("corrected")}, "delta")
    assert versions_of([full(0, "a", "b"), correction]) == [("a", on(0), None, "1/1"), ("b", on(0), None, "0/2")]


def test_changes_alone_close_nothing_but_what_they_name() -> None:
    change = DatedList(on(1), {"b": Row(None, said=ENDED), "d": Row("x")}, "delta")
    assert spans([full(0, "a", "b", "c"), change]) == [("a", 0, None), ("b", 0, 1), ("c", 0, None), ("d", 1, None)]


def test_a_partial_list_speaks_for_the_parts_in_it() -> None:
    everywhere = DatedList(on(0), {"a": Row("x", "north"), "b": Row("x", "north"), "c": Row("x", "south")})
    north = DatedList(on(1), {"a": Row("x", "north")}, "partial")
    assert spans([everywhere, north]) == [("a", 0, None), ("b", 0, 1), ("c", 0, None)]


def test_a_row_that_could_not_be_read_lets_its_version_run_on_and_starts_none() -> None:
    damaged = DatedList(on(1), {"a": Row(None, said=UNREAD), "new": Row(None, said=UNREAD), "b": Row("x")})
    assert spans([full(0, "a"), damaged]) == [("a", 0, None), ("b", 1, None)]


def test_an_empty_list_closes_nothing() -> None:
    assert spans([full(0, "a"), full(1), full(2, "a")]) == [("a", 0, None)]


def test_days_to_come_make_versions_to_come() -> None:
    assert spans([full(40_000, a="then"), full(0, a="now")]) == [("a", 0, 40_000), ("a", 40_000, None)]


def test_a_list_that_lacks_too_much_is_held_until_somebody_decides() -> None:
    whole, cut = full(0, *CODES), full(1, *CODES[:4])
    unchanged = [(code, 0, None) for code in sorted(CODES)]
    assert spans([whole, cut], share=0.5) == unchanged
    confirmed = DatedList(cut.in_force_on, cut.rows, decision="accepted")
    assert spans([whole, confirmed], share=0.5) == [
        (code, 0, None if code in CODES[:4] else 1) for code in sorted(CODES)
    ]
    # The list after it is held against what was in force, not against the list cut short.
    assert spans([whole, cut, full(2, *CODES[:4])], share=0.5) == unchanged


def test_where_the_newest_list_of_a_day_is_held_the_one_before_counts() -> None:
    good = DatedList(on(1), {code: Row("y") for code in CODES}, status="superseded")
    lists = [full(0, *CODES), good, full(1, *CODES[:4])]
    assert spans(lists, share=0.5) == [(code, *span) for code in sorted(CODES) for span in ((0, 1), (1, None))]


def test_twenty_national_lists_take_seconds() -> None:
    draws = random.Random(20)
    units = {f"{number:05}": Row(f"unit {number}", f"{number % 63:02}") for number in range(11_000)}
    lists = []
    for year in range(20):
        for code in draws.sample(sorted(units), 400):
            units[code] = Row(f"{units[code].facts} {year}", units[code].scope)
        for code in draws.sample(sorted(units), 150):
            del units[code]
        lists.append(DatedList(on(365 * year), dict(units)))
    draws.shuffle(lists)
    started = perf_counter()
    found = versions_of(lists, most_missing_share=0.2, missing_allowed=5)
    assert perf_counter() - started < 20
    assert found == expected_versions(lists, 0.2, 5)
    assert len(found) > 18_000
