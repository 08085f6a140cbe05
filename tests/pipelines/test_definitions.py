"""What Dagster knows about: every extract, table and audit, with the lineage that the SQL has."""

from __future__ import annotations

import dagster as dg
import pytest

from assets.ledger_state import FILES_ACCEPTED, extract_key
from assets.release_tables import audit_checks, published_models, table_key
from pipelines.definitions import definitions, defs
from schemas.extracts import all_extracts
from warehouse.sql_models import load_models


@pytest.fixture(scope="module")
def graph() -> dg.AssetGraph:
    return defs.resolve_asset_graph()


def upstream(graph: dg.AssetGraph, name: str) -> set[str]:
    return {".".join(key.path) for key in graph.get(table_key(name)).parent_keys}


def test_definitions_load_and_hold_together() -> None:
    dg.Definitions.validate_loadable(definitions())


def test_every_extract_has_an_asset_with_a_check_for_each_partition(graph: dg.AssetGraph) -> None:
    for name, extract in all_extracts().items():
        node = graph.get(extract_key(name))
        assert node.is_partitioned
        assert node.group_name == extract.department
        assert node.backfill_policy == dg.BackfillPolicy.single_run()
        assert [check.name for check in node.check_keys] == [FILES_ACCEPTED]


def test_every_published_table_is_an_asset_and_stages_are_not(graph: dg.AssetGraph) -> None:
    keys = {".".join(key.path) for key in graph.get_all_asset_keys()}
    assert {model.name for model in load_models() if model.is_published} <= keys
    assert not any(key.startswith(("stage.", "audits.", "build.")) for key in keys)


def test_lineage_is_read_from_the_sql_through_its_stages(graph: dg.AssetGraph) -> None:
    assert upstream(graph, "core.fact_dossier") >= {"ledger.one_stop_dossier", "core.dim_service", "core.dim_agency"}
    assert "ledger.identity_issuance" not in upstream(graph, "core.fact_dossier")
    assert upstream(graph, "core.unit_version") >= {
        "reference.administrative_unit",
        "ledger.administrative_unit_list",
    }
    assert {f"ledger.{name}" for name in all_extracts()} <= upstream(graph, "quality.delivery")


def test_every_audit_is_a_check_of_a_table_it_reads(graph: dg.AssetGraph) -> None:
    audits = [model for model in load_models() if model.kind == "audits"]
    assert audits
    for model in audits:
        key, _ = audit_checks()[model.name]
        assert key in graph.get(key.asset_key).check_keys
    keyed = [model for model in published_models().values() if model.key]
    assert {f"unique_key {model.name}" for model in keyed} <= audit_checks().keys()


def test_reports_come_after_the_tables_they_show(graph: dg.AssetGraph) -> None:
    assert "mart.kpi_scorecard" in {
        ".".join(key.path) for key in graph.get(dg.AssetKey(["reports", "scorecard"])).parent_keys
    }


def test_schedule_and_sensors_are_on_by_default() -> None:
    repository = defs.get_repository_def()
    (schedule,) = repository.schedule_defs
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "Asia/Ho_Chi_Minh")
    assert {sensor.name for sensor in repository.sensor_defs} == {"landing_sensor", "alert_on_failure"}
    assert all(sensor.default_status is dg.DefaultSensorStatus.RUNNING for sensor in repository.sensor_defs)
