"""Impact: what a delivery reaches once it counts, said before anything is built.

Which tables and figures read an extract is found in the SQL itself, the days concerned in the delivery's rows. What really
moves is a matter of the release and its comparison with the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl
from sqlglot import exp, parse_one

from schemas import periods
from schemas.extracts import all_extracts
from schemas.extracts.delivery_withdrawal import DELIVERY_WITHDRAWAL
from schemas.reference import tables
from warehouse.ledger import Receipt, Sending, counting, judgement_folder, read_sendings, withdrawn_by
from warehouse.sql_models import load_explanations, load_models
from warehouse.standing import is_corrections, slot_of
from warehouse.storage import Home

UNJUDGED = "not judged"


class NoSuchDeliveryError(Exception):
    """No sending of that delivery is recorded here."""


@dataclass(frozen=True)
class Figure:
    """An indicator that may move."""

    kpi_code: str
    title_vi: str
    title_en: str


@dataclass(frozen=True)
class Impact:
    """What a delivery reaches.

    status: of its last sending, as `standing.statuses` gives it, or `not judged`. replaced: the delivery of the same slot
    that counts without it, or that it corrects, if any. first_on, last_on: the days its rows speak of. withdraws: the
    deliveries that it takes back; tables, figures and days are theirs then.
    """

    sending: Sending
    status: str
    replaced: str | None
    rows: int
    first_on: date
    last_on: date
    tables: tuple[str, ...]
    figures: tuple[Figure, ...]
    withdraws: tuple[str, ...] = ()

    @property
    def is_corrections(self) -> bool:
        """Whether it holds only corrected rows of another one."""
        return is_corrections(self.sending.part)

    @property
    def is_counting(self) -> bool:
        """Whether anything can move because of it."""
        return self.status in ("accepted", UNJUDGED)


def impact(home: Home, delivery_id: str) -> Impact:
    """What a recorded delivery reaches; NoSuchDeliveryError when no sending of it is recorded."""
    judged, receipts = counting(home)
    sent = [sending for sending in read_sendings(home) if sending.delivery_id == delivery_id]
    if not sent:
        raise NoSuchDeliveryError(delivery_id)
    sending = sent[-1]
    statuses = {each.sending_id: status for each, status in judged}
    receipt = receipts.get(delivery_id)
    withdraws = _withdrawn(home, sending, receipt)
    about = [each for each in read_sendings(home) if each.delivery_id in withdraws] if withdraws else [sending]
    days = [_days_of(home, each, receipts.get(each.delivery_id)) for each in about or [sending]]
    reached = _in_build_order({table for each in (sending, *about) for table in tables_reached(each.extract)})
    return Impact(
        sending,
        statuses.get(sending.sending_id, UNJUDGED),
        _replaced(sending, judged),
        receipt.rows_accepted if receipt else 0,
        min(first_on for first_on, _ in days),
        max(last_on for _, last_on in days),
        reached,
        _figures(frozenset(reached)),
        withdraws,
    )


def _withdrawn(home: Home, sending: Sending, receipt: Receipt | None) -> tuple[str, ...]:
    is_withdrawal = sending.extract == DELIVERY_WITHDRAWAL.name and receipt is not None and receipt.is_accepted
    return tuple(withdrawn_by(home, receipt)) if is_withdrawal and receipt else ()


def _in_build_order(reached: set[str]) -> tuple[str, ...]:
    return tuple(model.name for model in load_models() if model.name in reached)


def tables_reached(extract: str) -> tuple[str, ...]:
    """The published tables that read an extract, directly or through others, in the order in which they are built."""
    sources = {f"ledger.{extract}", f"ledger.superseded_{extract}", f"ledger.rejected_{extract}"}
    reached: list[str] = []
    for model in load_models():
        if model.upstream & sources:
            sources.add(model.name)
            if model.is_published:
                reached.append(model.name)
    return tuple(reached)


def _replaced(sending: Sending, judged: list[tuple[Sending, str]]) -> str | None:
    """The delivery of the slot that counts without this one; what corrections correct."""
    others = [
        (each.received_at, each.delivery_id)
        for each, status in judged
        if slot_of(each) == slot_of(sending)
        and status in ("accepted", "superseded")
        and each.delivery_id != sending.delivery_id
    ]
    return max(others)[1] if others else None


def _days_of(home: Home, sending: Sending, receipt: Receipt | None) -> tuple[date, date]:
    """First and last day that its rows speak of; those of its period where nothing is known of the rows."""
    span = periods.span(sending.period)
    days = [span.first_on, span.last_on]
    file = judgement_folder(home, receipt.rule_set_id, receipt.delivery_id) / "accepted.parquet" if receipt else None
    if file is not None and file.exists():
        rows = pl.scan_parquet(file.read_bytes()).select(pl.col(pl.Date), pl.col(pl.Datetime).cast(pl.Date))
        bounds = rows.select(pl.all().min().name.suffix(" min"), pl.all().max().name.suffix(" max")).collect()
        # A day far outside is a wrong one that no rule forbids; what is to come is no figure yet.
        days += [day for row in bounds.iter_rows() for day in row if day is not None and day <= span.last_on]
    return min(days), max(days)


def extracts_of_figures() -> Mapping[str, tuple[str, ...]]:
    """The extracts that each indicator is counted from, the lists of its dimensions included, by the indicator's code."""
    reached = {extract: frozenset(tables_reached(extract)) for extract in all_extracts()}
    return {
        code: tuple(extract for extract, tables_of in reached.items() if tables_of & read)
        for code, read in _tables_of_figures().items()
    }


@cache
def _tables_of_figures() -> Mapping[str, frozenset[str]]:
    """The tables that each indicator is counted from, as its explanation says."""
    return {
        code: frozenset(f"{table.db}.{table.name}" for table in parse_one(sql, dialect="duckdb").find_all(exp.Table))
        for code, sql in load_explanations().items()
    }


def _figures(reached: frozenset[str]) -> tuple[Figure, ...]:
    indicators: Mapping[str, tuple[str, str]] = {
        code: (vi, en) for code, vi, en in tables.indicator().select("kpi_code", "title_vi", "title_en").iter_rows()
    }
    return tuple(Figure(code, *indicators[code]) for code, read in _tables_of_figures().items() if reached & read)
