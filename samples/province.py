"""The province as of 2023, picked from the packaged reference tables: communes, agencies, essential services.

What belongs here: selections of reference rows valid in the simulated year. What does not: anything drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from schemas.reference import tables

_AS_OF: Final = date(2023, 12, 31)
PROVINCE_CODE: Final = "34"
PROVINCE_AGENCY: Final = "H54"


@dataclass(frozen=True)
class Province:
    """Reference rows in force in the year, each frame in a fixed order."""

    districts: pl.DataFrame
    communes: pl.DataFrame
    agencies: pl.DataFrame
    services: pl.DataFrame


def load_province() -> Province:
    """Units and agencies in force at the end of 2023; essential services with one row per procedure."""
    units = _in_force(tables.administrative_unit()).filter(pl.col("province_code") == PROVINCE_CODE)
    districts = units.filter(pl.col("level") == "district").sort("unit_code")
    communes = (
        units.filter(pl.col("level") == "commune")
        .join(districts.select(parent_code="unit_code", district_name="full_name"), on="parent_code")
        .sort("parent_code", "unit_code")
    )
    agencies = (
        _in_force(tables.agency())
        .filter(pl.col("agency_code").str.starts_with(f"{PROVINCE_AGENCY}."))
        .sort("agency_code")
    )
    return Province(districts, communes, agencies, tables.essential_service().sort("service_no", "procedure_code"))


def _in_force(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(
        (pl.col("valid_from") <= _AS_OF) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > _AS_OF))
    )
