"""Which sendings count: the status of every sending of a slot, from all that were received about it and what was withdrawn.

Pure functions of what was received when, so the order in which anything is processed leaves no mark. Reading the ledger
belongs to `ledger`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from schemas.contract import Semantics

if TYPE_CHECKING:
    from warehouse.ledger import Receipt, Sending

CORRECTIONS = "corrections"
"""The part of a period that holds corrections of the rest, or what the name of such a part ends with."""


def corrections_of(part: str | None) -> str:
    """The part under which corrections of a part are received."""
    return f"{part}/{CORRECTIONS}" if part else CORRECTIONS


def is_corrections(part: str | None) -> bool:
    """Whether a part holds only corrected rows."""
    return part is not None and part.rpartition("/")[2] == CORRECTIONS


def corrected_part(part: str | None) -> str | None:
    """The part that corrections are about; any other part itself."""
    if not is_corrections(part):
        return part
    return (part or "").rpartition("/")[0] or None


def slot_of(sending: Sending) -> tuple[str, str, str, str | None]:
    """What a sending is about: extract, supplier, period and part; corrections are about what they correct."""
    return sending.extract, sending.supplier_code, sending.period, corrected_part(sending.part)


@dataclass(frozen=True)
class Withdrawal:
    """A delivery taken back: its sendings received by `received_at` count no more; one received later does again."""

    delivery_id: str
    received_at: datetime
    supplier_code: str
    is_on_behalf: bool

    def covers(self, sending: Sending) -> bool:
        """Whether a sending is taken back by it: only the supplier's own, unless it is on behalf of others."""
        return (
            sending.delivery_id == self.delivery_id
            and sending.received_at <= self.received_at
            and (self.is_on_behalf or sending.supplier_code == self.supplier_code)
        )


def statuses(
    slot: Sequence[Sending],
    receipts: Mapping[str, Receipt],
    semantics: Semantics,
    withdrawals: Mapping[str, Sequence[Withdrawal]],
) -> list[tuple[Sending, str]]:
    """The status of every sending of an extract, supplier, period and part, corrections of it included.

    slot: in the order of arrival (`received_at`, then SHA-256). withdrawals: by delivery id.
    `refused` as judged. `withdrawn` where taken back. `duplicate` where its bytes equal those that counted just before it.
    `accepted` where it counts: the last one of all, or each one where deliveries add to one another, and with it the
    corrections received after it. `waiting` are corrections with nothing before them to correct. Others are `superseded`.
    """
    said: list[str] = []
    counting: list[int] = []
    for at, sending in enumerate(slot):
        adds = semantics is Semantics.EVENTS or is_corrections(sending.part)
        if not receipts[sending.delivery_id].is_accepted:
            said.append("refused")
        elif any(withdrawal.covers(sending) for withdrawal in withdrawals.get(sending.delivery_id, ())):
            said.append("withdrawn")
        elif counting and slot[counting[-1]].delivery_id == sending.delivery_id:
            said.append("duplicate")
        elif is_corrections(sending.part) and not counting:
            said.append("waiting")
        else:
            stays = [each for each in counting if adds and slot[each].delivery_id != sending.delivery_id]
            for each in range(at):
                if said[each] == "waiting" or (each in counting and each not in stays):
                    said[each] = "superseded"
            counting = [*stays, at]
            said.append("accepted")
    return list(zip(slot, said, strict=True))


def replaced(judged: Collection[tuple[Sending, str]]) -> list[tuple[Sending, Sending]]:
    """Every superseded sending beside the one that counts in its place, where that is of other bytes.

    judged: all sendings with their statuses.
    """
    in_place = {
        slot_of(sending): sending
        for sending, status in judged
        if status == "accepted" and not is_corrections(sending.part)
    }
    pairs = ((sending, in_place.get(slot_of(sending))) for sending, status in judged if status == "superseded")
    return [(earlier, later) for earlier, later in pairs if later and later.delivery_id != earlier.delivery_id]
