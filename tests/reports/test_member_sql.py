"""The query of a unit as that of an agency or a service: every shared indicator has one, and it asks of the member only."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from reports import member_sql
from schemas.reference import tables
from warehouse.sql_models import load_explanations

GRAINS = {"agency": {"D01", "D02"}, "service": set[str]()}
"""By grain the indicators that are not counted from rows of units."""


def declared(grain: str) -> list[str]:
    rows = tables.indicator().iter_rows(named=True)
    return [row["kpi_code"] for row in rows if grain in row["grains"].split(";") and row["kpi_set"] != "index_766"]


@pytest.mark.parametrize("grain", GRAINS)
def test_every_indicator_of_a_grain_that_counts_rows_of_units_has_its_query(grain: str) -> None:
    explained = load_explanations()
    without = {code for code in declared(grain) if member_sql.of_member(explained[code], grain) is None}
    assert without == GRAINS[grain]


@pytest.mark.parametrize("grain", GRAINS)
def test_the_query_of_a_member_asks_for_the_member_and_for_no_unit(grain: str) -> None:
    explained = load_explanations()
    for code in declared(grain):
        sql = member_sql.of_member(explained[code], grain)
        if sql is None:
            continue
        query = sqlglot.parse_one(sql, dialect="duckdb")
        tables_read = {table.sql() for table in query.find_all(exp.Table)}
        asked = {parameter.name for parameter in query.find_all(exp.Parameter, exp.Placeholder)}
        assert not any("dim_administrative_unit" in table for table in tables_read)
        assert any(f"dim_{grain}" in table for table in tables_read)
        assert "unit_key" not in asked
        assert "$member" in sql


def test_a_query_of_no_unit_is_not_turned() -> None:
    assert member_sql.of_member("SELECT count(*) AS numerator FROM core.dim_service", "agency") is None
