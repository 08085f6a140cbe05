"""Partitions: how the periods of an extract, and its suppliers where there are several, become partitions of its asset.

Which periods exist is the calendar's business (`schemas.periods`); what happened in them is `assets.ledger_state`'s.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import dagster as dg

from schemas.contract import Extract
from schemas.periods import Cadence, between, span

TIMEZONE = "Asia/Ho_Chi_Minh"
MOST_SUPPLIERS_SHOWN = 20
"""With more suppliers than this a grid of supplier by period would be thousands of partitions: periods alone then."""

_SUPPLIER = "supplier"
_PERIOD = "period"


@dataclass(frozen=True, order=True)
class Slot:
    """What one partition holds: the files of a supplier about a period; every supplier's where `supplier_code` is None."""

    period: str
    supplier_code: str | None = None


def is_by_supplier(extract: Extract) -> bool:
    """Whether an extract's asset is partitioned by supplier too."""
    return 2 <= len(extract.suppliers) <= MOST_SUPPLIERS_SHOWN


def partitions_of(extract: Extract) -> dg.PartitionsDefinition[str]:
    """The partitions of an extract's asset."""
    periods = _periods_of(extract)
    if not is_by_supplier(extract):
        return periods
    return dg.MultiPartitionsDefinition(
        {_SUPPLIER: dg.StaticPartitionsDefinition(sorted(extract.suppliers)), _PERIOD: periods}
    )


def _periods_of(extract: Extract) -> dg.PartitionsDefinition[str]:
    first_on = span(extract.owed_from).first_on
    if extract.cadence is Cadence.DAILY:
        return dg.DailyPartitionsDefinition(start_date=first_on.isoformat(), timezone=TIMEZONE)
    if extract.cadence is Cadence.MONTHLY:
        return dg.MonthlyPartitionsDefinition(start_date=f"{first_on:%Y-%m}", timezone=TIMEZONE, fmt="%Y-%m")
    # ISO weeks, quarters and terms have no strftime form that Dagster can count with, years no definition of its own, and
    # lists sent on change no rhythm.
    return dg.DynamicPartitionsDefinition(name=f"{extract.name}_periods")


def partition_key(extract: Extract, supplier_code: str, period: str) -> str:
    """The partition that holds a supplier's files about a period."""
    if is_by_supplier(extract):
        return dg.MultiPartitionKey({_SUPPLIER: supplier_code, _PERIOD: period})
    return period


def slot_of_key(extract: Extract, key: str) -> Slot:
    """What the partition of that key holds."""
    definition = partitions_of(extract)
    if isinstance(definition, dg.MultiPartitionsDefinition):
        dimensions = definition.get_partition_key_from_str(key).keys_by_dimension
        return Slot(dimensions[_PERIOD], dimensions[_SUPPLIER])
    return Slot(key)


def extend_calendar(instance: dg.DagsterInstance, extract: Extract, today: date, arrived: Collection[str] = ()) -> None:
    """Make partitions for the periods that have ended by `today` and for those of which files have arrived.

    Only needed for the rhythms that Dagster cannot count itself; for the others it does nothing.
    """
    periods = _periods_of(extract)
    if not isinstance(periods, dg.DynamicPartitionsDefinition) or periods.name is None:
        return
    ended = between(span(extract.owed_from).first_on, today, extract.cadence)
    wanted = sorted({*ended, *arrived})
    known = set(instance.get_dynamic_partitions(periods.name))
    missing = [period for period in wanted if period not in known]
    if missing:
        instance.add_dynamic_partitions(periods.name, missing)
