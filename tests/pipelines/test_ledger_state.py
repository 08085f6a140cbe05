"""What Dagster is told of a partition whose files were taken back, or correct what has not come."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import dagster as dg

from assets.ledger_state import LedgerState, partition_events
from schemas.extracts import all_extracts
from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse.ledger import read_receipts, withdrawn_in
from warehouse.standing import CORRECTIONS
from warehouse.storage import open_home

REPORT = "work_file_processing"


def test_a_partition_says_that_its_file_was_withdrawn_or_that_only_corrections_came(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    ledger = LedgerKit(home)
    gone = ledger.send(REPORT, "2023-03", [{}])
    ledger.send(REPORT, "2023-04", [{}], part=CORRECTIONS)
    kept = ledger.send(REPORT, "2023-05", [{}])
    letter = ledger.send(
        "delivery_withdrawal",
        "2023-06-05",
        [{"withdrawn_delivery_id": gone.delivery_id}],
        supplier="VPUB",
        received_at=kept.received_at + timedelta(days=9),
    )
    state = LedgerState(home)
    told: dict[str, list[object]] = {}
    for event in partition_events(all_extracts()[REPORT], state, state.slots(REPORT)):
        if isinstance(event, dg.AssetMaterialization):
            said: object = event.metadata["rows_accepted"].value
        else:
            said = (event.description or "").partition(" — ")[2]
        told.setdefault(str(event.partition).split("|")[0], []).append(said)
    assert list(told.values()) == [
        [0, "what arrived was withdrawn"],
        [0, "corrections came, the report has not"],
        [1, "the newest file was accepted"],
    ]
    taken_back = withdrawn_in(home, [read_receipts(home)[letter.delivery_id]])
    assert [slot.period for slot in state.slots_of(REPORT, taken_back)] == ["2023-03"]
