"""Which sendings count, from what was received and withdrawn, in whatever order anybody looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Semantics
from warehouse.standing import Withdrawal, corrected_part, corrections_of, is_corrections, statuses

FIRST = datetime(2023, 6, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Sent:
    """What `statuses` looks at of a sending."""

    delivery_id: str
    hour: int
    part: str | None = None
    supplier_code: str = "STTTT"

    @property
    def received_at(self) -> datetime:
        return FIRST + timedelta(hours=self.hour)


def slot(text: str) -> list[Sent]:
    """Sendings one hour after another: a capital is a report, a small letter corrections, a "!" behind it a refusal."""
    letters = text.replace("!", "")
    return [Sent(each, hour, None if each.isupper() else corrections_of(None)) for hour, each in enumerate(letters)]


def withdrawals(said: Mapping[str, int], supplier: str = "STTTT", *, on_behalf: bool = False) -> dict[str, Any]:
    """Deliveries taken back so many hours after the first sending."""
    return {
        each: [Withdrawal(each, FIRST + timedelta(hours=hour, minutes=30), supplier, on_behalf)]
        for each, hour in said.items()
    }


def told(
    sent: Sequence[Any],
    *,
    refused: str = "",
    semantics: Semantics = Semantics.FULL,
    taken_back: Mapping[str, Sequence[Withdrawal]] | None = None,
) -> str:
    """The first letter of each status: accepted, refused, superseded, duplicate, withdrawn, or "?" for waiting."""
    receipts: Any = {each.delivery_id: SimpleNamespace(is_accepted=each.delivery_id not in refused) for each in sent}
    judged = statuses(sent, receipts, semantics, taken_back or {})
    return "".join("?" if status == "waiting" else status[0] for _, status in judged)


@pytest.mark.parametrize(
    ("sent", "refused", "expected"),
    [
        ("A", "", "a"),
        ("AB", "", "sa"),
        ("AA", "", "ad"),
        ("ABA", "", "ssa"),
        ("AB", "B", "ar"),
        ("Ax", "", "aa"),
        ("Axy", "", "aaa"),
        ("AxyB", "", "sssa"),
        ("AxA", "", "ssa"),
        ("Axx", "", "aad"),
        ("Axyx", "", "asaa"),
        ("AxyB", "B", "aaar"),
        ("x", "", "?"),
        ("xA", "", "sa"),
        ("xAy", "", "saa"),
        ("Ax", "A", "r?"),
    ],
)
def test_the_last_report_counts_with_the_corrections_after_it(sent: str, refused: str, expected: str) -> None:
    assert told(slot(sent), refused=refused) == expected


@pytest.mark.parametrize(
    ("sent", "taken_back", "expected"),
    [
        ("A", {"A": 0}, "w"),
        ("AB", {"B": 1}, "aw"),
        ("AB", {"A": 1}, "wa"),
        ("ABA", {"A": 1}, "wsa"),
        ("AA", {"A": 0}, "wa"),
        ("AA", {"A": 1}, "ww"),
        ("AxB", {"B": 2}, "aaw"),
        ("Ax", {"A": 1}, "w?"),
        ("Ax", {"x": 1}, "aw"),
        ("ABA", {"B": 2}, "awd"),
    ],
)
def test_without_what_was_withdrawn_the_one_before_counts_again(
    sent: str, taken_back: Mapping[str, int], expected: str
) -> None:
    assert told(slot(sent), taken_back=withdrawals(taken_back)) == expected


def test_only_its_supplier_or_the_office_for_all_takes_a_delivery_back() -> None:
    assert told(slot("A"), taken_back=withdrawals({"A": 0}, "STP")) == "a"
    assert told(slot("A"), taken_back=withdrawals({"A": 0}, "VPUB", on_behalf=True)) == "w"


def test_events_stand_beside_one_another() -> None:
    assert told(slot("ABCAA"), semantics=Semantics.EVENTS) == "saaad"


def test_corrections_have_a_part_of_their_own() -> None:
    assert [corrected_part(corrections_of(part)) for part in (None, "huyen-1")] == [None, "huyen-1"]
    assert [is_corrections(part) for part in (None, "huyen-1", "corrections", "huyen-1/corrections")] == [0, 0, 1, 1]
    assert corrected_part("huyen-1") == "huyen-1"


histories = st.lists(st.tuples(st.sampled_from("ABCxy"), st.booleans()), min_size=1, max_size=9)


@given(histories, st.dictionaries(st.sampled_from("ABCxy"), st.integers(-1, 9)), st.sampled_from(["", "B", "x"]))
def test_each_delivery_counts_at_most_once_and_one_report_at_most(
    drawn: list[tuple[str, bool]], taken_back: dict[str, int], refused: str
) -> None:
    sent = slot("".join(letter for letter, _ in drawn))
    status = told(sent, refused=refused, taken_back=withdrawals(taken_back))
    counting = [each for each, said in zip(sent, status, strict=True) if said == "a"]
    assert len({each.delivery_id for each in counting}) == len(counting)
    reports = [each for each in counting if not is_corrections(each.part)]
    assert len(reports) <= 1
    assert all(reports and each.hour > reports[0].hour for each in counting if is_corrections(each.part))
    # Taking back is leaving out: what is left stands as if the others had never been sent.
    left = [each for each, said in zip(sent, status, strict=True) if said != "w"]
    assert told(left, refused=refused) == status.replace("w", "")
    # The same once more, right after it, is a duplicate and changes nothing.
    if counting and status[-1] == "a":
        again = [*sent, replace(sent[-1], hour=len(sent))]
        withdrawn_later = taken_back.get(sent[-1].delivery_id, -1) >= len(sent)
        assert withdrawn_later or told(again, refused=refused, taken_back=withdrawals(taken_back)) == status + "d"
