"""Every indicator at every grain and period of a published release equals its recomputation by another engine."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.reference import tables
from tests.acceptance import recomputed
from tests.acceptance.conftest import Province

_KEY = ["kpi_code", *recomputed.MEMBER]
_SHOWN = """
    SELECT kpi_code, period, 'unit' AS grain, unit.unit_code AS member, unit_level AS level, numerator, denominator, target,
        value, measure
    FROM mart.kpi_scorecard
    JOIN core.dim_administrative_unit AS unit USING (unit_key)
    WHERE unit.valid_from <= DATE '2024-01-31'
    UNION ALL
    SELECT kpi_code, period, 'agency', agency_code, 'agency', numerator, denominator, target, value, measure
    FROM mart.kpi_agency
    UNION ALL
    SELECT kpi_code, period, 'service', service_code, 'service', numerator, denominator, target, value, measure
    FROM mart.kpi_service
"""


@pytest.fixture(scope="module")
def compared(province: Province) -> pl.DataFrame:
    """Figures of the release beside those recomputed, whichever side has them; nothing counted is 0."""
    shown = province.ask(_SHOWN)
    expected = recomputed.figures(province.home)
    assert expected.select(_KEY).is_duplicated().sum() == 0
    return shown.join(expected, on=_KEY, how="full", coalesce=True, suffix="_expected").with_columns(
        pl.col("numerator", "denominator", "numerator_expected", "denominator_expected").fill_null(0)
    )


def test_every_figure_equals_its_recomputation_from_the_ledger(compared: pl.DataFrame) -> None:
    # A group of points is shown without a numerator where a part of it is not known.
    is_unknown = (pl.col("measure") == "points") & pl.col("value").is_null() & (pl.col("numerator_expected") == 0)
    different = compared.filter(
        (pl.col("numerator") != pl.col("numerator_expected"))
        | ((pl.col("denominator") != pl.col("denominator_expected")) & ~is_unknown.fill_null(value=False))
    )
    assert different.is_empty(), different.select(
        *_KEY, "numerator", "numerator_expected", "denominator", "denominator_expected"
    ).head(20)


def test_every_indicator_was_compared_at_the_grains_and_periods_it_declares(compared: pl.DataFrame) -> None:
    kinds = (
        pl.when(pl.col("period").str.len_chars() == 4)
        .then(pl.lit("year"))
        .when(pl.col("period").str.contains("Q"))
        .then(pl.lit("quarter"))
        .otherwise(pl.lit("month"))
    )
    counted = compared.filter(pl.col("denominator_expected") + pl.col("numerator_expected") > 0).with_columns(
        kind=kinds
    )
    for row in tables.indicator().iter_rows(named=True):
        own = counted.filter(pl.col("kpi_code") == row["kpi_code"])
        assert set(own["level"]) == set(row["grains"].split(";")), row["kpi_code"]
        assert set(own["kind"]) == set(row["period_kinds"].split(";")), row["kpi_code"]


def test_values_follow_from_numerators_denominators_and_targets(compared: pl.DataFrame) -> None:
    above, below = pl.col("numerator").cast(pl.Float64), pl.col("denominator").cast(pl.Float64)
    value = (
        pl.when(pl.col("measure").is_in(["share", "mean"]))
        .then(above / pl.when(below > 0).then(below))
        .when(pl.col("measure") == "target_ratio")
        .then(above / pl.when(pl.col("target") > 0).then(pl.col("target")))
        .when(pl.col("measure") == "points")
        .then(above / 100)
        .otherwise(above)
    )
    known = compared.filter(pl.col("value").is_not_null()).with_columns(expected=value)
    assert known.height > 10_000
    assert known.filter((pl.col("value") - pl.col("expected")).abs() > 1e-9).is_empty()
