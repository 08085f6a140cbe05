"""Exported contracts hold by public validators, and say what the gate does: accepted rows fit their schema."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import polars as pl
import pytest
import yaml
from jsonschema import Draft201909Validator, Draft202012Validator, FormatChecker

from reports import contracts
from reports.contract_files import exports_of
from schemas.column_types import PersonalNumber
from schemas.contract import Extract, Personal
from schemas.extracts import all_extracts
from schemas.json_schema import record_schema, row_schema
from tests.reports.right_rows import delivery_of, judged, right_rows, written
from warehouse.storage import Home

EXTRACTS = sorted(all_extracts())
STANDARD = json.loads(files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8"))


def as_json(value: Any) -> Any:
    """A value as JSON has it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else float(value)


def errors(schema: dict[str, Any], record: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(record)]


def sent(extract: Extract, row: dict[str, Any]) -> dict[str, Any]:
    """A row as its record is sent: by the titles of the contract, without columns that have no value."""
    return {
        column.headers[0]: as_json(row[column.name])
        for column in extract.columns
        if column.must_exist or row[column.name] is not None
    }


@pytest.mark.parametrize("name", EXTRACTS)
def test_the_open_data_contract_holds_by_its_standard(name: str) -> None:
    document = yaml.safe_load(exports_of(all_extracts()[name])[f"{name}.odcs.yaml"])
    assert [error.message for error in Draft201909Validator(STANDARD).iter_errors(document)] == []
    (table,) = document["schema"]
    extract = all_extracts()[name]
    of_columns = [rule["name"] for column in table["properties"] for rule in column.get("quality", [])]
    of_rows = [rule["name"] for rule in table["quality"]]
    derived = {column.name for column in extract.derived}
    told = [
        rule.code for rule in extract.rules if rule.column not in derived or not rule.code.startswith(f"{rule.column}.")
    ]
    assert sorted(of_columns + of_rows) == sorted(told)
    by_name = {column["name"]: column for column in table["properties"]}
    assert {column.name for column in extract.columns if column.personal is Personal.BASIC} == {
        column for column in by_name if by_name[column].get("classification") == "basic"
    }
    assert [column for column in by_name if by_name[column].get("primaryKey")] == [
        column.name for column in extract.columns if column.name in extract.key
    ]


def test_the_standard_refuses_a_contract_that_says_something_else() -> None:
    document = yaml.safe_load(exports_of(all_extracts()["taxpayer"])["taxpayer.odcs.yaml"])
    document["schema"][0]["properties"][0]["logicalType"] = "numeral"
    assert list(Draft201909Validator(STANDARD).iter_errors(document))


@pytest.mark.parametrize("name", EXTRACTS)
def test_accepted_rows_fit_their_schema_and_right_records_theirs(name: str, empty_home: Home) -> None:
    extract = all_extracts()[name]
    of_row, of_record = row_schema(extract), record_schema(extract)
    Draft202012Validator.check_schema(of_row)
    Draft202012Validator.check_schema(of_record)
    receipt = judged(empty_home, delivery_of(extract), extract, f"schema-{name}")
    accepted = written(empty_home, receipt, "accepted")
    rows = accepted.drop("delivery_id", "source_sheet", "source_row").to_dicts()
    assert rows
    assert [errors(of_row, {key: as_json(value) for key, value in row.items()}) for row in rows] == [[]] * len(rows)
    _, typed = right_rows(empty_home, extract)
    assert [errors(of_record, sent(extract, row)) for row in typed] == [[]] * len(typed)


def test_a_wrong_row_does_not_fit() -> None:
    schema = row_schema(all_extracts()["work_file_processing"])
    row: dict[str, Any] = {
        "agency_code": "H54.01",
        "agency_name": None,
        "level_code": "province",
        "files_total": 10,
        "files_online": 9,
        "online_share": 0.9,
    }
    assert errors(schema, row) == []
    for column, wrong in (("files_total", None), ("files_total", -1), ("level_code", "Tỉnh"), ("online_share", "90%")):
        assert errors(schema, row | {column: wrong}), column
    assert errors(schema, row | {"more": 1})
    assert errors(schema, {key: value for key, value in row.items() if key != "agency_name"})


def test_no_schema_of_accepted_rows_has_a_place_for_an_identifier() -> None:
    for extract in all_extracts().values():
        names = set(row_schema(extract)["properties"])
        assert names == set(extract.kept)
        assert not names & {column.name for column in extract.columns if isinstance(column.type, PersonalNumber)}


def test_json_schema_knows_the_types_of_kept_columns() -> None:
    kinds = {type(dtype) for extract in all_extracts().values() for dtype in extract.kept.values()}
    assert {pl.Date, pl.Datetime, pl.String, pl.Boolean, pl.Int64, pl.Decimal} <= kinds


def test_the_page_shows_every_contract_and_all_its_links_lead_to_files(published_home: Home) -> None:
    html, *written_files = contracts.write(published_home)
    page = html.read_text(encoding="utf-8")
    for extract in all_extracts().values():
        assert f'<h2 id="{extract.name}">' in page
    assert '<span lang="vi">Nghị định 47/2020/NĐ-CP</span><span lang="en">Decree 47/2020/NĐ-CP</span>' in page
    linked = set(re.findall(r'href="(contracts/[^"]+)"', page))
    assert linked == {f"contracts/{file.name}" for file in written_files}
    assert len(linked) == 4 * len(all_extracts())
    assert all((published_home.site / link).exists() for link in linked)
