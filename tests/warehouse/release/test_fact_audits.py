"""Audits of facts, tried on a small release in which one value at a time is made wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from schemas.extracts import all_extracts
from tests.warehouse.release.conftest import edition
from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse.release import build_release
from warehouse.sql_models import load_models
from warehouse.storage import Home, open_home

AUDITS = {model.name: model.sql for model in load_models() if model.kind == "audits"}
FACTS = [model for model in load_models() if model.kind == "facts"]
KEYS = [
    (fact.name, column)
    for fact in FACTS
    for column in fact.columns
    # A dossier's own keys have an audit of their own.
    if column in {"unit_key", "agency_key", "service_key", "owner_agency_key"} and fact.name != "core.fact_dossier"
]
PERIODS = {
    "daily": "2023-05-17",
    "weekly": "2023-W20",
    "monthly": "2023-05",
    "quarterly": "2023-Q2",
    "termly": "2022-T2",
    "on_change": "2023-05-15",
}
WRONG: dict[str, dict[str, Any]] = {
    "core.fact_civil_status": {"registered_on": date(2023, 1, 1)},
    "core.fact_database_connection": {"last_used_on": date(2001, 1, 1)},
    "core.fact_digital_infrastructure": {"numerator": 101},
    "core.fact_dossier_digitisation": {"paper_no": 0},
    "core.fact_dossier_payment": {"amount_vnd": -1},
    "core.fact_dossier_step": {"ended_at": datetime.fromisoformat("2023-05-16T08:00:00")},
    "core.fact_essential_service_report": {"dossiers_online": 11},
    "core.fact_identity_issuance": {"cards_issued": 51},
    "core.fact_insurance_participant": {"contribution_vnd": -1},
    "core.fact_land_change": {"changed_on": date(2023, 6, 1)},
    "core.fact_official_requirement": {"numerator": 22},
    "core.fact_population_check": {"returned_on": date(2023, 5, 2)},
    "core.fact_portal_reconciliation": {"portal_online": 2},
    "core.fact_pupil": {"grade": 13},
    "core.fact_satisfaction": {"overall_score": 6},
    "core.fact_taxpayer": {"closed_on": date(2015, 5, 31)},
    "core.fact_welfare_payment": {"amount_vnd": 0},
    "core.fact_work_file": {"files_online": 101},
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A release with a row in every fact."""
    home = open_home(tmp_path_factory.mktemp("audits") / "home")
    ledger = LedgerKit(home)
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    for name, extract in all_extracts().items():
        if extract.reference_list is None and not name.endswith(("_list", "_decision", "_withdrawal", "_catalogue")):
            period = "2023-05-15" if name == "population_check_result" else PERIODS[extract.cadence.value]
            ledger.send(name, period, [{}], supplier=_supplier(name))
    official = {"measure_code": "official_chip_card", "numerator": 21, "denominator": 21}
    ledger.send("digital_infrastructure", "2023-Q2", [official], supplier="SNV")
    assert build_release(home).is_published
    return home


def _supplier(extract: str) -> str:
    """The agency of the kit, where a fact takes its agency from the supplier."""
    suppliers = all_extracts()[extract].suppliers
    return "STP" if "STP" in suppliers else suppliers[0]


@pytest.fixture(scope="module")
def copy(release: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Facts and dimensions of the release, in a database that may be written to."""
    with edition(release) as con, duckdb.connect() as memory:
        memory.execute("CREATE SCHEMA core")
        for (name,) in con.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'core'"
        ).fetchall():
            rows = con.sql(f"FROM core.{name}").to_arrow_table()
            memory.execute(f"CREATE TABLE core.{name} AS FROM rows")
            assert rows.num_rows or not name.startswith("fact_"), f"{name} has a row to spoil"
        yield memory


def _found(copy: duckdb.DuckDBPyConnection, audit: str, change: str, value: Any) -> set[str]:
    """The facts an audit finds after a change, which is then undone."""
    copy.begin()
    try:
        copy.execute(change, [value])
        return {str(row[0]) for row in copy.execute(AUDITS[audit]).fetchall()}
    finally:
        copy.rollback()


def test_a_release_as_it_is_passes(copy: duckdb.DuckDBPyConnection) -> None:
    for audit in ("audits.versions_of_their_day", "audits.impossible_rows"):
        assert copy.execute(AUDITS[audit]).fetchall() == []


@pytest.mark.parametrize(("fact", "column"), KEYS)
def test_a_key_that_no_dimension_has_is_found(copy: duckdb.DuckDBPyConnection, fact: str, column: str) -> None:
    change = f"UPDATE {fact} SET {column} = ?"
    assert _found(copy, "audits.versions_of_their_day", change, "nowhere@2020-03-01") == {fact}


@pytest.mark.parametrize(
    ("table", "key", "facts"),
    [
        ("core.dim_administrative_unit", "unit_key", {fact for fact, column in KEYS if column == "unit_key"}),
        ("core.dim_agency", "agency_key", {fact for fact, column in KEYS if column.endswith("agency_key")}),
        ("core.dim_service", "service_key", {"core.fact_essential_service_report"}),
    ],
)
def test_a_version_that_had_ended_is_found(
    copy: duckdb.DuckDBPyConnection, table: str, key: str, facts: set[str]
) -> None:
    of_dossiers = {"core.fact_dossier_payment", "core.fact_dossier_digitisation", "core.fact_satisfaction"}
    change = f"UPDATE {table} SET valid_to = ? WHERE {key} IS NOT NULL"
    found = _found(copy, "audits.versions_of_their_day", change, date(2020, 3, 2))
    assert found == facts - of_dossiers


def test_every_fact_has_something_that_cannot_be() -> None:
    # Dossiers have audits of their own; the rules on responses to missed targets only warn.
    assert WRONG.keys() == {fact.name for fact in FACTS} - {"core.fact_dossier", "core.fact_target_response"}


@pytest.mark.parametrize("fact", sorted(WRONG))
def test_what_the_gate_keeps_out_is_found_in_a_fact(copy: duckdb.DuckDBPyConnection, fact: str) -> None:
    ((column, value),) = WRONG[fact].items()
    assert _found(copy, "audits.impossible_rows", f"UPDATE {fact} SET {column} = ?", value) == {fact}
