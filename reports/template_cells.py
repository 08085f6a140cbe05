"""What Excel itself can watch over while a template is filled in: the form of a column's cells, its check, its choices.

What belongs here: a column type in Excel's words. What does not: how the workbook looks (`reports.template`), and what is
right or wrong in the end, which the gate alone decides: Excel's checks are a help, weaker than those of the contract.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from schemas.column_types import (
    AgencyCode,
    Amount,
    CodeList,
    ColumnType,
    Day,
    HealthCard,
    InsuranceNumber,
    Moment,
    Pattern,
    PersonalNumber,
    Phone,
    ProcedureCode,
    Share,
    TaxCode,
    WholeNumber,
    YesNo,
    commune_code,
)
from schemas.contract import Column, Extract
from schemas.reference import tables

AS_TEXT: Final = "@"
"""The format of a cell in which Excel keeps what is typed, a leading zero included."""
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2099, 12, 31)
_LARGEST: Final = 999_999_999_999
# A pattern that is nothing but digits counted out and characters standing for themselves.
_PIECE: Final = re.compile(r"\\d(?:\{(\d+)\})?|\\?([-. A-Za-z0-9])")

Check = Mapping[str, Any]
"""Arguments of XlsxWriter's `data_validation`; `{cell}` in a formula stands for the first cell of the column."""


@dataclass(frozen=True)
class Choices:
    """What may be chosen in a column: the texts to write, what each means, and the group under which it is offered."""

    title: str
    texts: Sequence[str]
    meanings: Sequence[str]
    groups: Sequence[str] = ()


def format_of(column_type: ColumnType) -> str:
    """Excel's number format for the cells of a column."""
    if isinstance(column_type, Day):
        return "dd/mm/yyyy"
    if isinstance(column_type, Moment):
        return "dd/mm/yyyy hh:mm:ss"
    if isinstance(column_type, WholeNumber):
        return "0"
    if isinstance(column_type, Amount):
        return "0." + "0" * column_type.decimals if column_type.decimals else "0"
    # A share stays text too: a cell shown as 54,3% holds 0.543, which could be either.
    return AS_TEXT


def check_of(column_type: ColumnType) -> Check | None:
    """The check Excel can make of a cell of that type; None where it can make none."""
    if isinstance(column_type, WholeNumber):
        at_least = -_LARGEST if column_type.minimum is None else column_type.minimum
        at_most = _LARGEST if column_type.maximum is None else column_type.maximum
        return {"validate": "integer", "criteria": "between", "minimum": at_least, "maximum": at_most}
    if isinstance(column_type, Amount):
        # More decimals than are kept could be taken for grouped thousands.
        return _formula(f"AND(ISNUMBER({{cell}}),ROUND({{cell}},{column_type.decimals})={{cell}})")
    if isinstance(column_type, Day | Moment):
        return {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
    if isinstance(column_type, Pattern):
        return spelled_out(column_type.pattern)
    return next((check for kind, check in _CHECKS.items() if isinstance(column_type, kind)), None)


def spelled_out(pattern: str) -> Check | None:
    """A pattern of counted digits and fixed characters as a formula; None for any other."""
    conditions, at, rest = [], 1, pattern.removeprefix("^").removesuffix("$")
    while rest:
        piece = _PIECE.match(rest)
        if piece is None:
            return None
        digits, literal = piece.groups()
        length = int(digits or 1)
        part = f"MID({{cell}},{at},{length})"
        conditions.append(f'EXACT({part},"{literal}")' if literal else f"ISNUMBER(VALUE({part}))")
        at, rest = at + length, rest[piece.end() :]
    return _formula(f"AND(LEN({{cell}})={at - 1},{','.join(conditions)})")


def _formula(condition: str) -> Check:
    return {"validate": "custom", "value": f"={condition}"}


_CHECKS: Final[Mapping[type[ColumnType], Check | None]] = {
    Share: _formula('RIGHT({cell},1)="%"'),
    PersonalNumber: spelled_out(r"^0\d{11}$"),
    ProcedureCode: spelled_out(r"^\d\.\d{6}$"),
    InsuranceNumber: spelled_out(r"^\d{10}$"),
    Phone: spelled_out(r"^0\d{9}$"),
    HealthCard: _formula("LEN({cell})=15"),
    TaxCode: _formula("OR(LEN({cell})=10,LEN({cell})=12,LEN({cell})=14)"),
}


def choices_of(column: Column, extract: Extract, on: date) -> Choices | None:
    """What is offered in a column on a day; None where there is nothing to choose from."""
    by_name = extract.unit_by_name
    if by_name and column.name == by_name.name:
        return _communes(column, on, "full_name", "unit_code")
    if by_name and column.name == by_name.district:
        districts = _in_force(tables.administrative_unit(), on).filter(pl.col("level") == "district")
        return _listed(column, districts, "full_name", "unit_code")
    if isinstance(column.type, AgencyCode):
        return _listed(column, _in_force(tables.agency(), on), "agency_code", "name_vi")
    if column.type == commune_code():
        return _communes(column, on, "unit_code", "full_name")
    return _of_type(column)


def _of_type(column: Column) -> Choices | None:
    if isinstance(column.type, YesNo):
        return Choices(column.vi, ("Có", "Không"), ("", ""))
    if not isinstance(column.type, CodeList):
        return None
    spellings = column.type.spellings
    meanings = ["" if str(kept) == text else str(kept) for kept, text in spellings.items()]
    return Choices(column.vi, list(spellings.values()), meanings)


def _communes(column: Column, on: date, text: str, meaning: str) -> Choices | None:
    units = _in_force(tables.administrative_unit(), on)
    districts = units.filter(pl.col("level") == "district").select(parent_code="unit_code", district="full_name")
    communes = (
        units.filter(pl.col("level") == "commune")
        .join(districts, on="parent_code", how="left")
        .with_columns(pl.col("district").fill_null(""))
        .sort("parent_code", "unit_code")
    )
    return _listed(column, communes, text, meaning, "district")


def _listed(column: Column, rows: pl.DataFrame, text: str, meaning: str, group: str | None = None) -> Choices | None:
    if rows.is_empty():
        return None
    groups = rows[group].to_list() if group else ()
    return Choices(column.vi, rows[text].to_list(), rows[meaning].to_list(), groups)


def _in_force(versions: pl.DataFrame, on: date) -> pl.DataFrame:
    return versions.filter(
        (pl.col("valid_from") <= on) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > on))
    ).sort(pl.first())
