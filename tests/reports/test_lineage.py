"""The picture of what is made from what: every line goes from left to right, no two boxes share a place."""

from __future__ import annotations

import re
from graphlib import CycleError
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import lineage
from reports.lineage import BOX_HEIGHT, BOX_WIDTH


@st.composite
def upstreams(draw: st.DrawFn) -> dict[str, list[str]]:
    """Tables named by number, each made from some of the lower numbers."""
    size = draw(st.integers(1, 9))
    return {
        str(number): draw(st.lists(st.sampled_from([str(lower) for lower in range(number)]), unique=True))
        if number
        else []
        for number in range(size)
    }


@given(upstreams())
def test_tables_stand_right_of_what_they_are_made_from_and_apart(upstream: dict[str, list[str]]) -> None:
    picture = lineage.draw(upstream)
    boxes = {box.name: box for box in picture.boxes}
    assert set(boxes) == set(upstream)
    for name, sources in upstream.items():
        assert all(boxes[source].left + BOX_WIDTH < boxes[name].left for source in sources)
    for one, other in combinations(picture.boxes, 2):
        assert one.left != other.left or abs(one.top - other.top) >= BOX_HEIGHT
    for box in picture.boxes:
        assert 0 <= box.left <= picture.width - BOX_WIDTH
        assert 0 <= box.top <= picture.height - BOX_HEIGHT


@given(upstreams())
def test_every_line_begins_and_ends_at_its_tables(upstream: dict[str, list[str]]) -> None:
    picture = lineage.draw(upstream)
    boxes = {box.name: box for box in picture.boxes}
    wanted = sorted(
        (boxes[source].left + BOX_WIDTH, boxes[source].top + BOX_HEIGHT / 2, boxes[name].left)
        for name, sources in upstream.items()
        for source in sources
    )
    drawn = [[float(number) for number in re.findall(r"[\d.]+", line)] for line in picture.lines]
    assert sorted((numbers[0], numbers[1], numbers[-2]) for numbers in drawn) == wanted


def test_what_is_only_made_from_is_drawn_too() -> None:
    picture = lineage.draw({"core.fact": ["ledger.rows"]})
    assert [box.name for box in picture.boxes] == ["ledger.rows", "core.fact"]


def test_lines_that_need_not_cross_do_not() -> None:
    picture = lineage.draw({"x": ["b"], "y": ["a"]})
    tops = {box.name: box.top for box in picture.boxes}
    assert (tops["x"] < tops["y"]) == (tops["b"] < tops["a"])


def test_a_circle_is_refused() -> None:
    with pytest.raises(CycleError):
        lineage.draw({"a": ["b"], "b": ["a"]})


def test_nothing_gives_an_empty_picture() -> None:
    assert lineage.draw({}).boxes == []
