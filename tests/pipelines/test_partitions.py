"""Partitions follow the contracts: keys, slots and calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import dagster as dg
import pytest

from assets.partitions import Slot, extend_calendar, partition_key, partitions_of, slot_of_key
from schemas.extracts import all_extracts
from schemas.periods import Cadence

PERIODS = {
    "one_stop_dossier": "2023-05-17",
    "procedure_catalogue": "2023-07-01",
    "identity_issuance": "2023-W05",
    "work_file_processing": "2023-05",
    "digital_infrastructure": "2023-Q4",
    "essential_service_report": "2023-05",
    "target_response": "2023-Q4",
    "shared_database": "2023-Q4",
    "satisfaction_response": "2023-05",
    "portal_reconciliation": "2023-05",
    "population_check_result": "2023-05-15",
    "taxpayer": "2023-05",
    "dossier_step": "2023-05-17",
    "dossier_payment": "2023-05-17",
    "dossier_digitisation": "2023-05-17",
    "insurance_participant": "2023-05",
    "land_change": "2023-05",
    "civil_status": "2023-05",
    "welfare_payment": "2023-05",
    "pupil": "2023-T1",
}


@pytest.mark.parametrize("name", PERIODS)
def test_a_key_is_read_back_as_the_slot_it_was_made_of(name: str) -> None:
    extract = all_extracts()[name]
    supplier = extract.suppliers[-1]
    slot = slot_of_key(extract, partition_key(extract, supplier, PERIODS[name]))
    assert slot.period == PERIODS[name]
    assert slot.supplier_code == (supplier if len(extract.suppliers) > 1 else None)


@pytest.mark.parametrize("name", PERIODS)
def test_the_period_of_a_contract_is_a_partition_of_its_asset(name: str) -> None:
    extract = all_extracts()[name]
    with dg.DagsterInstance.ephemeral() as instance:
        extend_calendar(instance, extract, date(2024, 1, 25), {PERIODS[name]})
        keys = partitions_of(extract).get_partition_keys(dynamic_partitions_store=instance)
    assert str(partition_key(extract, extract.suppliers[0], PERIODS[name])) in {str(key) for key in keys}


def test_days_begin_where_the_contract_begins() -> None:
    assert partitions_of(all_extracts()["one_stop_dossier"]).get_first_partition_key() == "2023-01-01"


def test_a_yearly_extract_has_a_partition_for_each_year_that_ended() -> None:
    extract = replace(all_extracts()["work_file_processing"], name="yearbook", cadence=Cadence.YEARLY, owed_from="2022")
    with dg.DagsterInstance.ephemeral() as instance:
        extend_calendar(instance, extract, date(2024, 6, 1), {"2024"})
        keys = partitions_of(extract).get_partition_keys(dynamic_partitions_store=instance)
    assert keys == ["2022", "2023", "2024"]
    assert slot_of_key(extract, partition_key(extract, "STTTT", "2023")) == Slot("2023")


def test_two_suppliers_make_a_grid() -> None:
    extract = all_extracts()["digital_infrastructure"]
    assert slot_of_key(extract, partition_key(extract, "NHNN", "2023-Q1")) == Slot("2023-Q1", "NHNN")
    assert isinstance(partitions_of(extract), dg.MultiPartitionsDefinition)


def test_a_calendar_grows_by_the_weeks_that_ended_and_never_twice() -> None:
    extract = all_extracts()["identity_issuance"]
    with dg.DagsterInstance.ephemeral() as instance:
        extend_calendar(instance, extract, date(2023, 1, 20))
        assert instance.get_dynamic_partitions("identity_issuance_periods") == ["2023-W01", "2023-W02"]
        extend_calendar(instance, extract, date(2023, 1, 23), {"2023-W02"})
        assert instance.get_dynamic_partitions("identity_issuance_periods") == ["2023-W01", "2023-W02", "2023-W03"]
