"""Tells Dagster how partitions stand, and remembers as what each was told, so that the next nightly tells what has moved.

A partition moves without being told when a run dies between judging and telling, and when its files are judged again by
`warehouse replay`. The memory may be thrown away: then a partition that Dagster has heard of at all counts as told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

import dagster as dg
import orjson
from upath import UPath

from assets.ledger_state import LedgerState, SlotState, extract_key, key_of, partition_events
from assets.partitions import Slot
from assets.telling import Context, tell
from schemas.contract import Extract
from schemas.extracts import all_extracts
from warehouse.ledger import withdrawn_in
from warehouse.storage import Home, put_bytes


def tell_partitions(
    context: Context,
    home: Home,
    extract: Extract,
    state: LedgerState,
    slots: Collection[Slot],
    seconds: Mapping[str, float] | None = None,
) -> None:
    """Log the events of some partitions of an extract; `seconds` as in `materialisations`."""
    if slots:
        tell(context, partition_events(extract, state, slots, seconds))
        remember(home, extract, state, slots)


def remember(home: Home, extract: Extract, state: LedgerState, slots: Collection[Slot]) -> None:
    """Write down that Dagster was told how some partitions stand."""
    told = {str(key_of(extract, slot)): _digest(state.at(extract.name, slot)) for slot in slots}
    put_bytes(_memory(home, extract), orjson.dumps(_told(home, extract) | told, option=orjson.OPT_SORT_KEYS))


def tell_taken_back(
    context: Context, home: Home, extract: Extract, state: LedgerState, slots: Collection[Slot]
) -> None:
    """Log the events of the partitions, of whatever extract, whose files the withdrawals in some partitions name."""
    named = withdrawn_in(home, [receipt for slot in slots for receipt in state.at(extract.name, slot).accepted])
    if named:
        for other in all_extracts().values():
            tell_partitions(context, home, other, state, state.slots_of(other.name, named))


def moved(home: Home, instance: dg.DagsterInstance, extract: Extract, state: LedgerState) -> set[Slot]:
    """The partitions of an extract that do not stand as Dagster was told, or of which it has never heard."""
    told, heard_of = _told(home, extract), instance.get_materialized_partitions(extract_key(extract.name))
    arrived = state.slots(extract.name)

    def is_moved(slot: Slot) -> bool:
        key, now = key_of(extract, slot), _digest(state.at(extract.name, slot))
        return (slot in arrived and key not in heard_of) or told.get(key, now) != now

    return {slot for slot in arrived | state.unjudged_slots(extract.name) if is_moved(slot)}


def _told(home: Home, extract: Extract) -> dict[str, str]:
    """By partition, the digest of how it stood when it was told; forgotten when unreadable."""
    try:
        return dict(orjson.loads(_memory(home, extract).read_bytes()))
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}


def _memory(home: Home, extract: Extract) -> UPath:
    return home.cache / "told" / f"{extract.name}.json"


def _digest(state: SlotState) -> str:
    """Of everything about a partition that its events say."""
    said = (
        [(receipt.delivery_id, receipt.rule_set_id) for receipt in state.accepted],
        [(receipt.delivery_id, receipt.rule_set_id) for receipt in state.refused],
        [(each.delivery_id, each.attempts, each.how) for each in state.unjudged],
        state.withdrawn,
        state.waiting,
    )
    return hashlib.sha256(orjson.dumps(said)).hexdigest()[:16]
