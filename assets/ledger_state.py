"""What the ledger holds for a partition, and the events that tell Dagster so.

Numbers, rule codes and delivery ids only: neither values of rows nor names of files may pass from here into an event log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

import dagster as dg

from assets.partitions import Slot, is_by_supplier, partition_key
from assets.telling import AssetEvent, CheckOutcome
from schemas.contract import Extract
from schemas.extracts import all_extracts
from warehouse.attempts import MOST_ATTEMPTS, Unjudged, unjudged
from warehouse.ledger import Receipt, Sending, counting
from warehouse.storage import Home

LEDGER = "ledger"
FILES_ACCEPTED = "files_accepted"
"""The check on every partition: the last file of each part was accepted."""

_Judged = tuple[Sending, str]


def extract_key(name: str) -> dg.AssetKey:
    """The asset of an extract: its table in the ledger."""
    return dg.AssetKey([LEDGER, name])


@dataclass(frozen=True)
class SlotState:
    """One partition as the ledger has it: the receipts that count, the refusals that nothing has yet made good, the
    deliveries that judging died of, and how many files are withdrawn, or correct what has not come yet."""

    slot: Slot
    accepted: tuple[Receipt, ...] = ()
    refused: tuple[Receipt, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    withdrawn: int = 0
    waiting: int = 0

    @property
    def has_arrived(self) -> bool:
        """Whether any file about the partition was ever judged; one that was taken back has arrived, and counts 0 rows."""
        return bool(self.accepted or self.refused or self.withdrawn or self.waiting)


class LedgerState:
    """Every partition of every extract that has files, from the sendings received by `until`."""

    def __init__(self, home: Home, until: datetime | None = None) -> None:
        judged, self._receipts = counting(home, until)
        self._by_extract: dict[str, dict[Slot, list[_Judged]]] = {}
        for sending, status in judged:
            slot = slot_of(sending)
            self._by_extract.setdefault(sending.extract, {}).setdefault(slot, []).append((sending, status))
        self._unjudged: dict[tuple[str, Slot], list[Unjudged]] = {}
        for each in unjudged(home).values():
            if each.delivery_id not in self._receipts:
                self._unjudged.setdefault((each.extract, slot_of(each)), []).append(each)

    def slots(self, extract: str) -> Set[Slot]:
        """The partitions of an extract for which files were judged."""
        return self._by_extract.get(extract, {}).keys()

    def slots_of(self, extract: str, deliveries: Collection[str]) -> set[Slot]:
        """The partitions of an extract in which some of these deliveries were sent."""
        return {
            slot
            for slot, judged in self._by_extract.get(extract, {}).items()
            if any(sending.delivery_id in deliveries for sending, _ in judged)
        }

    def unjudged_slots(self, extract: str) -> set[Slot]:
        """The partitions of an extract with a file that judging died of."""
        return {slot for name, slot in self._unjudged if name == extract}

    def at(self, extract: str, slot: Slot) -> SlotState:
        """The state of a partition; an empty one where nothing arrived."""
        judged = self._by_extract.get(extract, {}).get(slot, [])
        last_of_part = {(sending.supplier_code, sending.part): (sending, status) for sending, status in judged}
        counts = Counter(status for _, status in judged)
        return SlotState(
            slot,
            tuple(self._receipts[sending.delivery_id] for sending, status in judged if status == "accepted"),
            tuple(
                self._receipts[sending.delivery_id] for sending, status in last_of_part.values() if status == "refused"
            ),
            tuple(self._unjudged.get((extract, slot), ())),
            counts["withdrawn"],
            counts["waiting"],
        )


def slot_of(about: Sending | Receipt | Unjudged) -> Slot:
    """The partition to which a sending, a receipt or an unjudged delivery belongs."""
    extract = all_extracts()[about.extract]
    return Slot(about.period, about.supplier_code if is_by_supplier(extract) else None)


def partition_events(
    extract: Extract, state: LedgerState, slots: Collection[Slot], seconds: Mapping[str, float] | None = None
) -> Iterator[AssetEvent]:
    """The events of some partitions: their materialisations, then their checks."""
    yield from materialisations(extract, state, slots, seconds)
    yield from checks(extract, state, slots)


def materialisations(
    extract: Extract, state: LedgerState, slots: Collection[Slot], seconds: Mapping[str, float] | None = None
) -> Iterator[dg.AssetMaterialization]:
    """A materialisation of each of the partitions where a file arrived.

    `seconds` says by delivery id how long judging took, for those judged just now.
    """
    for slot in _in_order(slots):
        at_slot = state.at(extract.name, slot)
        if at_slot.has_arrived:
            yield _materialisation(extract, at_slot, seconds or {})


def checks(extract: Extract, state: LedgerState, slots: Collection[Slot]) -> Iterator[CheckOutcome]:
    """The outcome of the check on each of the partitions, also where nothing arrived."""
    return (_check(extract, state.at(extract.name, slot)) for slot in _in_order(slots))


def _in_order(slots: Collection[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: (slot.period, slot.supplier_code or ""))


def key_of(extract: Extract, slot: Slot) -> str:
    """The partition of an extract's asset that a slot is."""
    return partition_key(extract, slot.supplier_code or "", slot.period)


def _materialisation(extract: Extract, state: SlotState, seconds: Mapping[str, float]) -> dg.AssetMaterialization:
    accepted = state.accepted
    by_rule: Counter[str] = Counter()
    for receipt in accepted:
        by_rule.update(receipt.rule_rows)
    took = [seconds[receipt.delivery_id] for receipt in (*accepted, *state.refused) if receipt.delivery_id in seconds]
    return dg.AssetMaterialization(
        asset_key=extract_key(extract.name),
        partition=key_of(extract, state.slot),
        metadata={
            "dagster/partition_row_count": sum(receipt.rows_accepted for receipt in accepted),
            "rows_read": sum(receipt.rows_read or 0 for receipt in accepted),
            "rows_accepted": sum(receipt.rows_accepted for receipt in accepted),
            "rows_quarantined": sum(receipt.rows_quarantined for receipt in accepted),
            "rows_structural": sum(receipt.rows_structural or 0 for receipt in accepted),
            "rows_set_aside": sum(receipt.rows_set_aside or 0 for receipt in accepted),
            "rows_by_rule": dg.MetadataValue.json(dict(sorted(by_rule.items()))),
            "bytes": sum(receipt.size_bytes for receipt in accepted),
            "delivery_ids": dg.MetadataValue.json([receipt.delivery_id for receipt in accepted]),
            **({"seconds": round(sum(took), 3)} if took else {}),
        },
    )


class JudgingDied(dg.Failure):
    """Files that judging died of; all others were judged."""


def stop_if_judging_died(deaths: Collection[Unjudged]) -> None:
    """Fail a run that has done all the rest: somebody must look, and the file is tried again or parked."""
    if deaths:
        said = [f"{each.extract} {each.supplier_code} {each.period}: {_attempts(each)}" for each in deaths]
        raise JudgingDied(
            description=f"Kiểm tra bị dừng vì tệp — judging died of: {'; '.join(said)}",
            metadata={"delivery_ids": dg.MetadataValue.json([each.delivery_id for each in deaths])},
            allow_retries=False,
        )


def _attempts(each: Unjudged) -> str:
    standing = "thôi thử — parked" if each.is_parked else "sẽ thử lại — tried again"
    return f"{each.how}, {each.attempts}/{MOST_ATTEMPTS}, {standing}"


def _check(extract: Extract, state: SlotState) -> CheckOutcome:
    if state.unjudged:
        died = "; ".join(_attempts(each) for each in state.unjudged)
        said, passed = f"Kiểm tra bị dừng vì tệp — judging died of the file: {died}", False
    elif state.refused:
        codes = sorted({receipt.refusal_code or "" for receipt in state.refused})
        said, passed = f"Tệp bị từ chối — file refused: {', '.join(codes)}", False
    elif rows := sum(receipt.rows_quarantined + (receipt.rows_structural or 0) for receipt in state.accepted):
        said, passed = f"Được chấp nhận, {rows} dòng bị cách ly — accepted, {rows} rows quarantined", True
    elif state.accepted:
        said, passed = "Tệp mới nhất được chấp nhận — the newest file was accepted", True
    elif state.waiting:
        said, passed = "Có đính chính, chưa có báo cáo để đính chính — corrections came, the report has not", False
    elif state.withdrawn:
        said, passed = "Tệp đã được rút lại — what arrived was withdrawn", False
    else:
        said, passed = "Chưa có tệp nào — no file has arrived", False
    return CheckOutcome(
        asset_key=extract_key(extract.name),
        check_name=FILES_ACCEPTED,
        passed=passed,
        partition=key_of(extract, state.slot),
        severity=dg.AssetCheckSeverity.ERROR if state.refused or state.unjudged else dg.AssetCheckSeverity.WARN,
        description=said,
        metadata={
            "refused_delivery_ids": dg.MetadataValue.json([receipt.delivery_id for receipt in state.refused]),
            "unjudged_delivery_ids": dg.MetadataValue.json([each.delivery_id for each in state.unjudged]),
            "files_counting": len(state.accepted),
        },
    )
