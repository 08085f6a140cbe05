"""A profile is the same however the rows came, exact where it says so, and silent about persons."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.contract import Personal
from schemas.extracts import all_extracts
from warehouse.profiling import SAMPLED_ROWS, Profile

EXTRACT = all_extracts()["insurance_participant"]


def rows(amounts: list[int | None]) -> pl.DataFrame:
    """Parsed rows of which only the contribution differs."""
    frame = pl.DataFrame({"contribution_vnd": amounts}, schema={"contribution_vnd": pl.Int64})
    others = [column for column in EXTRACT.columns if column.name != "contribution_vnd"]
    return frame.with_columns(
        pl.lit("somebody" if column.type.dtype == pl.String else None, column.type.dtype).alias(column.name)
        for column in others
    )


def profile_of(frames: list[pl.DataFrame]) -> Profile:
    profile = Profile(EXTRACT, sum(frame.height for frame in frames))
    for frame in frames:
        profile.add(frame)
    return profile


@settings(max_examples=30)
@given(amounts=st.lists(st.none() | st.integers(0, 10**6), min_size=1, max_size=40), cut=st.integers(0, 40))
def test_a_profile_does_not_depend_on_how_rows_come_in_batches(amounts: list[int | None], cut: int) -> None:
    whole = rows(amounts)
    figures = profile_of([whole]).figures()
    assert profile_of([whole.slice(0, cut), whole.slice(cut)]).figures() == figures
    known = [amount for amount in amounts if amount is not None]
    of_amounts = figures["contribution_vnd"]
    assert of_amounts["filled"] == len(known)
    assert of_amounts["distinct"] == len(set(known))
    assert (of_amounts["least"], of_amounts["most"]) == ((min(known), max(known)) if known else (None, None))


@pytest.mark.parametrize("size", [SAMPLED_ROWS, 7 * SAMPLED_ROWS + 3])
def test_least_and_most_are_of_all_rows_and_the_median_of_a_few_spread_evenly(size: int) -> None:
    whole = rows(list(range(size)))
    batches = [whole.slice(at, 999) for at in range(0, size, 999)]
    figures = profile_of(batches).figures()["contribution_vnd"]
    assert figures == profile_of([whole]).figures()["contribution_vnd"]
    assert (figures["least"], figures["most"]) == (0, size - 1)
    assert figures["median"] == pytest.approx(size / 2, rel=0.02)
    assert figures["distinct"] is not None
    assert SAMPLED_ROWS <= figures["distinct"] <= 2 * SAMPLED_ROWS


def test_of_columns_about_persons_only_filled_rows_are_counted() -> None:
    figures = profile_of([rows([1, 2])]).figures()
    of_persons = [column.name for column in EXTRACT.columns if column.personal is not Personal.NONE]
    assert of_persons
    for name in of_persons:
        assert {key for key, value in figures[name].items() if value is not None} == {"filled"}


def test_a_number_that_may_be_somebodys_is_not_kept() -> None:
    of_amounts = profile_of([rows([34_190_000_123, 5, 34_190_000_124])]).figures()["contribution_vnd"]
    assert of_amounts == {"filled": 3, "distinct": 3, "least": 5.0, "median": None, "most": None}
