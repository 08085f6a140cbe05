"""The ledger: every sending and every judgement with its rows, immutable, the authority from which releases are built.

How a file is judged belongs to `judging`; here is only what is recorded, where, and which sending counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import polars as pl
from upath import UPath

from schemas.extracts import all_extracts
from schemas.extracts.delivery_withdrawal import DELIVERY_WITHDRAWAL, ON_BEHALF_OF_ALL
from schemas.rule_set import RuleSet, rule_set_of, rules_table
from warehouse import standing
from warehouse.formats import number_ledger, require_readable_ledger
from warehouse.parquet import opened_private, parquet_bytes
from warehouse.standing import Withdrawal
from warehouse.storage import Home, put_bytes

LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
ID_HEX = 16
_READABLE = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS


def delivery_id_of(sha256: str, extract: str, supplier_code: str, period: str, part: str | None) -> str:
    """The id of a content under a slot: 16 hex characters."""
    return _digest(sha256, extract, supplier_code, period, part or "")


def sending_id_of(delivery_id: str, received_at: datetime) -> str:
    """The id of a delivery at a moment: 16 hex characters."""
    return _digest(delivery_id, received_at.astimezone(LOCAL_TIME).isoformat())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:ID_HEX]


@dataclass(frozen=True)
class Sending:
    """A delivery at a moment. `received_at` is when the department sent it, `recorded_at` when we took it in."""

    sending_id: str
    delivery_id: str
    extract: str
    supplier_code: str
    period: str
    part: str | None
    file_name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    recorded_at: datetime
    origin: str


@dataclass(frozen=True)
class Receipt:
    """The immutable record of a judgement: one delivery under one rule-set. Counts are rows unless named otherwise."""

    delivery_id: str
    extract: str
    supplier_code: str
    period: str
    part: str | None
    sha256: str
    rule_set_id: str
    status: str
    refusal_code: str | None
    refusal_vi: str | None
    refusal_en: str | None
    positions: int | None
    rows_set_aside: int | None
    set_aside_kinds: Mapping[str, int]
    rows_read: int | None
    rows_accepted: int
    rows_quarantined: int
    rows_structural: int | None
    rule_rows: Mapping[str, int]
    changes: Mapping[str, int]
    size_bytes: int
    recorded_at: datetime
    key_id: str
    found_as: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)
    profile: Mapping[str, Mapping[str, float | int | None]] = field(default_factory=dict)

    @property
    def header_fingerprint(self) -> str | None:
        """What stands for the titles of the file, if they were read."""
        return self.found_as.get("header")

    @property
    def is_accepted(self) -> bool:
        """Whether rows of this delivery may count."""
        return self.status == "accepted"


def write_sending(home: Home, sending: Sending) -> None:
    """Record a sending."""
    number_ledger(home)
    put_bytes(home.ledger / "sendings" / f"{sending.sending_id}.json", _to_json(sending))


def read_sendings(home: Home, until: datetime | None = None) -> list[Sending]:
    """All sendings recorded, those received later than `until` left out, in the order that decides which counts.

    Raises NewerFormatError when a newer version wrote the ledger.
    """
    require_readable_ledger(home)
    sendings = (_sending(file) for file in _json_files(home.ledger / "sendings"))
    kept = [sending for sending in sendings if until is None or sending.received_at <= until]
    return sorted(kept, key=lambda sending: (sending.received_at, sending.sha256, sending.sending_id))


def read_sending(home: Home, sending_id: str) -> Sending:
    """One recorded sending."""
    return _sending(home.ledger / "sendings" / f"{sending_id}.json")


def _sending(file: UPath) -> Sending:
    return Sending(**_with_moments(orjson.loads(file.read_bytes()), "received_at", "recorded_at"))


def judgement_folder(home: Home, rule_set_id: str, delivery_id: str) -> UPath:
    """Where a judgement's files are; it exists once its receipt does."""
    return home.ledger / "judgements" / rule_set_id / delivery_id


def write_receipt(home: Home, receipt: Receipt) -> None:
    """Seal a judgement: from now on it exists."""
    put_bytes(judgement_folder(home, receipt.rule_set_id, receipt.delivery_id) / "receipt.json", _to_json(receipt))


def read_receipts(home: Home) -> dict[str, Receipt]:
    """The receipt that counts for each delivery, by its id: under the rules of this code where it was judged by them,
    else under those that the home took up last.
    """
    receipts: dict[str, Receipt] = {}
    for rule_set_id in _by_precedence(home):
        receipts |= receipts_under(home, rule_set_id)
    return receipts


def receipts_under(home: Home, rule_set_id: str) -> dict[str, Receipt]:
    """All receipts made under one rule-set, by delivery id."""
    folder = home.ledger / "judgements" / rule_set_id
    files = (judgement / "receipt.json" for judgement in folder.iterdir()) if folder.exists() else ()
    receipts = (
        Receipt(**_with_moments(orjson.loads(file.read_bytes()), "recorded_at")) for file in files if file.exists()
    )
    return {receipt.delivery_id: receipt for receipt in receipts}


def current_rule_set_ids() -> set[str]:
    """The rule-sets under which this code judges."""
    return {rule_set_of(extract).id for extract in all_extracts().values()}


def _by_precedence(home: Home) -> list[str]:
    """The rule-sets of the home under which anything was judged, the one that counts most last."""
    folder = home.ledger / "judgements"
    present = [entry.name for entry in folder.iterdir()] if folder.exists() else []
    current = current_rule_set_ids()
    return sorted(present, key=lambda each: (each in current, _place_of(home, each), each))


def _place_of(home: Home, rule_set_id: str) -> int:
    """The place of a rule-set in the order in which this home took them up, from 1; 0 where none was noted."""
    file = home.ledger / "rule_sets" / rule_set_id / "rule_set.json"
    return int(orjson.loads(file.read_bytes()).get("taken_up_as", 0)) if file.exists() else 0


def record_rule_set(home: Home, rule_set: RuleSet) -> None:
    """Keep a rule-set and the wording of its rules beside the judgements made under it, and which came after which."""
    kept = home.ledger / "rule_sets"
    folder = kept / rule_set.id
    if (folder / "rule_set.json").exists():
        return
    earlier = [_place_of(home, each.name) for each in kept.iterdir()] if kept.exists() else []
    noted = asdict(rule_set) | {"taken_up_as": max(earlier, default=0) + 1}
    put_bytes(folder / "rules.parquet", parquet_bytes(rules_table(all_extracts()[rule_set.extract])))
    put_bytes(folder / "rule_set.json", orjson.dumps(noted, option=_READABLE))


def recorded_rules(home: Home, rule_set_id: str) -> pl.DataFrame:
    """The rules of a rule-set as they were worded when it was taken up: the columns of `schemas.rule_set.rules_table`."""
    return pl.read_parquet((home.ledger / "rule_sets" / rule_set_id / "rules.parquet").read_bytes())


def counting(
    home: Home, until: datetime | None = None, receipts: Mapping[str, Receipt] | None = None
) -> tuple[list[tuple[Sending, str]], Mapping[str, Receipt]]:
    """Which sendings count: every judged sending with its status (see `standing.statuses`), and the receipts by delivery
    id (by default those that count now).
    """
    receipts = read_receipts(home) if receipts is None else receipts
    slots: dict[tuple[str, str, str, str | None], list[Sending]] = {}
    for sending in read_sendings(home, until):
        if sending.delivery_id in receipts:
            slots.setdefault(standing.slot_of(sending), []).append(sending)
    withdrawals = _withdrawals(home, slots, receipts)
    judged = [
        pair
        for (extract, *_), slot in slots.items()
        for pair in standing.statuses(slot, receipts, all_extracts()[extract].semantics, withdrawals)
    ]
    return judged, receipts


_Slots = Mapping[tuple[str, str, str, str | None], list[Sending]]


def _withdrawals(home: Home, slots: _Slots, receipts: Mapping[str, Receipt]) -> dict[str, list[Withdrawal]]:
    """What was taken back, by the id of the delivery. A withdrawal itself is never taken back: what it named is sent again."""
    found: dict[str, list[Withdrawal]] = {}
    for (extract, supplier_code, *_), slot in slots.items():
        if extract != DELIVERY_WITHDRAWAL.name:
            continue
        for sending, status in standing.statuses(slot, receipts, DELIVERY_WITHDRAWAL.semantics, {}):
            if status == "accepted":
                for delivery_id in withdrawn_by(home, receipts[sending.delivery_id]):
                    withdrawal = Withdrawal(
                        delivery_id, sending.received_at, supplier_code, supplier_code == ON_BEHALF_OF_ALL
                    )
                    found.setdefault(delivery_id, []).append(withdrawal)
    return found


def withdrawn_by(home: Home, receipt: Receipt) -> list[str]:
    """The deliveries that a withdrawal names, by their ids."""
    file = judgement_folder(home, receipt.rule_set_id, receipt.delivery_id) / "accepted.parquet"
    with opened_private(home, file) as rows:
        return pl.read_parquet(rows)["withdrawn_delivery_id"].to_list() if rows else []


def withdrawn_in(home: Home, receipts: Iterable[Receipt]) -> set[str]:
    """The deliveries that accepted withdrawals among some receipts name, by their ids."""
    withdrawals = (each for each in receipts if each.extract == DELIVERY_WITHDRAWAL.name and each.is_accepted)
    return {delivery_id for each in withdrawals for delivery_id in withdrawn_by(home, each)}


def _json_files(folder: UPath) -> list[UPath]:
    return [file for file in folder.iterdir() if file.suffix == ".json"] if folder.exists() else []


def _with_moments(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return fields | {name: datetime.fromisoformat(str(fields[name])) for name in names}


def _to_json(record: Sending | Receipt) -> bytes:
    return orjson.dumps(asdict(record), option=_READABLE)
