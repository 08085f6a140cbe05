"""What slowly changing dimensions are expected to do elsewhere, on small lists of our own.

Each scenario gives loads one day apart and the versions after the last: code, facts, first day, first day no longer valid.
"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from schemas.column_types import Day
from schemas.contract import Column
from schemas.extracts.administrative_unit_list import ADMINISTRATIVE_UNIT_LIST
from tests.warehouse.history.lists_in_memory import DatedList, Row, versions_of

Load = dict[str, str]
Span = tuple[str, str, int, int | None]
FIRST = date(2021, 3, 1)

SCENARIOS: dict[str, tuple[str, list[Load], list[Span]]] = {
    "an update closes the old version and opens the new one on the same day": (
        "full",
        [{"river": "Trà Lý", "lake": "x"}, {"river": "Trà Lý 2", "lake": "x"}],
        [("lake", "x", 0, None), ("river", "Trà Lý", 0, 1), ("river", "Trà Lý 2", 1, None)],
    ),
    "an insert touches nothing else": (
        "full",
        [{"lake": "x"}, {"lake": "x", "river": "y"}],
        [("lake", "x", 0, None), ("river", "y", 1, None)],
    ),
    "a delete closes": (
        "full",
        [{"lake": "x", "river": "y"}, {"lake": "x"}],
        [("lake", "x", 0, None), ("river", "y", 0, 1)],
    ),
    "a delete is kept open where lists say only what changed": (
        "delta",
        [{"lake": "x", "river": "y"}, {"lake": "z"}],
        [("lake", "x", 0, 1), ("lake", "z", 1, None), ("river", "y", 0, None)],
    ),
    "a revival is a version of its own, with a gap before it": (
        "full",
        [{"lake": "x", "river": "y"}, {"lake": "x"}, {"lake": "x", "river": "y"}],
        [("lake", "x", 0, None), ("river", "y", 0, 1), ("river", "y", 2, None)],
    ),
    "a value that changes and changes back gives three versions": (
        "full",
        [{"lake": "x"}, {"lake": "y"}, {"lake": "x"}],
        [("lake", "x", 0, 1), ("lake", "y", 1, 2), ("lake", "x", 2, None)],
    ),
    "a column that is new opens versions only where it has a value": (
        "full",
        [{"lake": "x|", "river": "y|"}, {"lake": "x|filled", "river": "y|"}],
        [("lake", "x|", 0, 1), ("lake", "x|filled", 1, None), ("river", "y|", 0, None)],
    ),
    "keys of two columns behave as keys of one": (
        "full",
        [{"north/1": "x", "south/1": "x"}, {"north/1": "y", "south/1": "x"}],
        [("north/1", "x", 0, 1), ("north/1", "y", 1, None), ("south/1", "x", 0, None)],
    ),
    "the same data twice is the same data": (
        "full",
        [{"lake": "x", "river": "y"}] * 3,
        [("lake", "x", 0, None), ("river", "y", 0, None)],
    ),
    "a new column and a delete in one load": (
        "full",
        [{"lake": "x|", "river": "y|"}, {"lake": "x|filled"}],
        [("lake", "x|", 0, 1), ("lake", "x|filled", 1, None), ("river", "y|", 0, 1)],
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(name: str) -> None:
    kind, loads, expected = SCENARIOS[name]
    lists = [
        DatedList(FIRST + timedelta(days=day), {code: Row(facts) for code, facts in load.items()}, kind)
        for day, load in enumerate(loads)
    ]
    for order in (lists, lists[::-1]):
        facts = {
            f"{number}/{position}": row.facts
            for number, each in enumerate(order)
            for position, row in enumerate(each.rows.values(), start=1)
        }
        found = [
            (code, facts[brought_by], (valid_from - FIRST).days, (valid_to - FIRST).days if valid_to else None)
            for code, valid_from, valid_to, brought_by in versions_of(order)
        ]
        assert found == expected


def test_a_contract_cannot_declare_the_validity_that_is_computed() -> None:
    column = Column("valid_from", Day(), "Từ ngày", "From", ("Từ ngày",))
    columns = (*ADMINISTRATIVE_UNIT_LIST.columns, column)
    with pytest.raises(ValueError, match="valid_from"):
        dataclasses.replace(ADMINISTRATIVE_UNIT_LIST, columns=columns)
