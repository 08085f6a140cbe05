"""Exact splits and seeded draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples.draws import Floats, apportion, exact_share, generator, stratified, weighted
from samples.people import make_people

WEIGHTS = st.lists(st.floats(0.01, 100), min_size=1, max_size=40).map(np.array)


@given(WEIGHTS, st.integers(0, 10_000), st.integers(0, 3))
def test_parts_add_up(weights: Floats, extra: int, at_least: int) -> None:
    total = extra + at_least * len(weights)
    parts = apportion(total, weights, at_least=at_least)
    assert parts.sum() == total
    assert parts.min() >= at_least


def test_too_little_to_split_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        apportion(3, np.ones(4), at_least=1)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60), st.floats(0, 1), st.integers(0, 99))
def test_shares_are_exact_and_possible(totals: list[int], share: float, seed: int) -> None:
    numerator = round(sum(totals) * share)
    parts = exact_share(generator(seed, "test"), np.array(totals), numerator)
    assert parts.sum() == numerator
    assert ((parts >= 0) & (parts <= totals)).all()


def test_draws_follow_weights_and_topics() -> None:
    drawn = np.bincount(weighted(generator(1, "a"), np.array([1.0, 0.0, 3.0]), 40_000), minlength=3)
    assert drawn[1] == 0
    assert drawn[2] / drawn[0] == pytest.approx(3, rel=0.05)
    assert generator(1, "a").random() != generator(1, "b").random()
    assert np.bincount(stratified(generator(1, "c"), np.ones(50), 100), minlength=50).min() >= 1


def test_people_have_likely_names_and_valid_numbers() -> None:
    people = make_people(3, 20_000)
    surnames = people.names.str.split(" ").list.first()
    assert (surnames == "Nguyễn").mean() == pytest.approx(2743 / 8653, abs=0.02)
    assert people.citizen_numbers.str.contains(r"^034[0-3]\d{8}$").all()
    assert people.citizen_numbers.n_unique() == len(people)
    is_woman = people.names.str.contains(" Thị ")
    sex_digit = people.citizen_numbers.str.slice(3, 1).cast(int)
    assert (sex_digit.filter(is_woman) % 2 == 1).all()
