"""Typed access to the packaged reference tables: the CSV files beside this module.

What belongs here: one loader per table, its column types, and the version of the whole set. What does not: lookups
and name matching (``schemas.units``), anything that reads a delivery, and the facts themselves, which live in the CSV
files, each row naming its source (see ``SOURCES.md``).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import polars as pl

_SCHEMAS: Final[Mapping[str, Mapping[str, type[pl.DataType]]]] = {
    "administrative_unit": {
        "unit_code": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
        "level": pl.String,
        "unit_type": pl.String,
        "name": pl.String,
        "full_name": pl.String,
        "name_en": pl.String,
        "parent_code": pl.String,
        "province_code": pl.String,
        "legal_act": pl.String,
        "basis": pl.String,
        "source": pl.String,
    },
    "unit_succession": {
        "old_code": pl.String,
        "old_valid_from": pl.Date,
        "new_code": pl.String,
        "new_valid_from": pl.Date,
        "effective_on": pl.Date,
        "share": pl.Float64,
        "change": pl.String,
        "legal_act": pl.String,
        "evidence": pl.String,
        "source": pl.String,
    },
    "former_commune": {
        "unit_type": pl.String,
        "name": pl.String,
        "parent_code": pl.String,
        "successor_code": pl.String,
        "successor_valid_from": pl.Date,
        "ended_on": pl.Date,
        "legal_act": pl.String,
        "basis": pl.String,
        "source": pl.String,
    },
    "agency": {
        "agency_code": pl.String,
        "agency_code_old": pl.String,
        "short_code": pl.String,
        "name_vi": pl.String,
        "name_en": pl.String,
        "level": pl.String,
        "unit_code": pl.String,
        "parent_code": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
        "basis": pl.String,
        "source": pl.String,
    },
    "agency_succession": {
        "old_code": pl.String,
        "new_code": pl.String,
        "effective_on": pl.Date,
        "legal_act": pl.String,
        "basis": pl.String,
        "source": pl.String,
    },
    "essential_service": {
        "service_no": pl.Int16,
        "service_vi": pl.String,
        "service_en": pl.String,
        "procedure_code": pl.String,
        "lead_agency_vi": pl.String,
        "basis": pl.String,
        "code_basis": pl.String,
        "source": pl.String,
    },
    "code_list": {
        "list": pl.String,
        "code": pl.String,
        "canonical": pl.String,
        "label_vi": pl.String,
        "label_en": pl.String,
        "source": pl.String,
    },
    "indicator": {
        "kpi_set": pl.String,
        "kpi_code": pl.String,
        "kpi_name": pl.String,
        "title_vi": pl.String,
        "title_en": pl.String,
        "formula_vi": pl.String,
        "formula_en": pl.String,
        "measure": pl.String,
        "accrual": pl.String,
        "direction": pl.String,
        "grains": pl.String,
        "period_kinds": pl.String,
        "source_extract": pl.String,
        "source_table": pl.String,
        "owner_short_code": pl.String,
        "basis": pl.String,
        "is_met_in_article": pl.Boolean,
        "legal_ground": pl.String,
        "source": pl.String,
    },
    "target": {
        "kpi_code": pl.String,
        "period": pl.String,
        "unit_code": pl.String,
        "target": pl.Float64,
        "basis": pl.String,
        "source": pl.String,
    },
    "score_part": {
        "kpi_code": pl.String,
        "part_code": pl.String,
        "grain": pl.String,
        "points": pl.Int64,
        "basis": pl.String,
        "source": pl.String,
    },
    "parameter": {
        "name": pl.String,
        "amount": pl.Float64,
        "unit": pl.String,
        "basis": pl.String,
        "source": pl.String,
    },
}


@cache
def _load(name: str) -> pl.DataFrame:
    content = files(__package__).joinpath(f"{name}.csv").read_bytes()
    schema = _SCHEMAS[name]
    header = content.split(b"\n", 1)[0].decode().split(",")
    if header != list(schema):
        # polars would otherwise assign a declared schema to the columns by position
        raise ValueError(f"reference table {name}: header {header} is not the declared {list(schema)}")
    return pl.read_csv(content, schema=schema)


def administrative_unit() -> pl.DataFrame:
    """Versions of provinces, districts and communes; key (unit_code, valid_from), validity half-open.

    Codes were reused for other units in 2024 and 2025, so a code alone names nothing without a date.
    """
    return _load("administrative_unit")


def unit_succession() -> pl.DataFrame:
    """Which commune version went into which on ``effective_on``; ``share`` is the part of the old unit (0 to 1)."""
    return _load("unit_succession")


def former_commune() -> pl.DataFrame:
    """Names of communes that ended before the unit versions begin, and the commune that took each in; not all of them.

    Key (parent_code, name): within their district.
    """
    return _load("former_commune")


def agency() -> pl.DataFrame:
    """Agencies by canonical code (province first, ``H54.31.12``) with the older order beside it; validity half-open."""
    return _load("agency")


def agency_short_codes() -> tuple[str, ...]:
    """The short codes of all agencies there are or were, in order; read without Polars, for declarations made on import."""
    with files(__package__).joinpath("agency.csv").open(encoding="utf-8") as lines:
        return tuple(sorted({row["short_code"] for row in csv.DictReader(lines)} - {""}))


def agency_succession() -> pl.DataFrame:
    """Which agency took over from which on ``effective_on``."""
    return _load("agency_succession")


def essential_service() -> pl.DataFrame:
    """The 53 essential services of Project 06, one row per procedure; a procedure belongs to one service only."""
    return _load("essential_service")


def code_list() -> pl.DataFrame:
    """Code lists: ``code`` as suppliers write it, ``canonical`` as the warehouse keeps it; key (list, code)."""
    return _load("code_list")


def indicator() -> pl.DataFrame:
    """The indicators of the scorecard; ``is_met_in_article`` is null where no target was reported."""
    return _load("indicator")


def target() -> pl.DataFrame:
    """Target values by indicator, period and unit: shares from 0 to 1, or counts, as the indicator's measure says."""
    return _load("target")


def score_part() -> pl.DataFrame:
    """Which indicators a group of points is made of at each grain, with their points; key (kpi_code, part_code, grain)."""
    return _load("score_part")


def parameter() -> pl.DataFrame:
    """Single amounts used in formulas, each with its unit."""
    return _load("parameter")


ALL: Final[Mapping[str, Callable[[], pl.DataFrame]]] = MappingProxyType(
    {
        loader.__name__: loader
        for loader in (
            administrative_unit,
            unit_succession,
            former_commune,
            agency,
            agency_succession,
            essential_service,
            code_list,
            indicator,
            target,
            score_part,
            parameter,
        )
    }
)


@cache
def version() -> str:
    """SHA-256 (hex) over the bytes of all reference CSV files in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(ALL):
        digest.update(files(__package__).joinpath(f"{name}.csv").read_bytes())
    return digest.hexdigest()
