"""Withdrawing a delivery on behalf of its supplier: the withdrawal lands as a delivery like any other.

Which sendings it takes back is decided in `standing`, from the ledger alone.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import orjson
from upath import UPath

from schemas.extracts.delivery_withdrawal import DELIVERY_WITHDRAWAL, ON_BEHALF_OF_ALL
from warehouse.decisions import NamelessDecisionError
from warehouse.impact import NoSuchDeliveryError
from warehouse.landing import MANIFEST
from warehouse.ledger import LOCAL_TIME, read_sendings
from warehouse.storage import Home, put_bytes


def withdraw(home: Home, delivery_id: str, *, by: str, reason: str, document_no: str | None = None) -> UPath:
    """Land a withdrawal of a recorded delivery, received now; returns its file. It counts from the next run on.

    Raises NamelessDecisionError without name or reason, NoSuchDeliveryError for what nobody sent or is a withdrawal itself.
    """
    if not by.strip() or not reason.strip():
        raise NamelessDecisionError
    sent = [sending for sending in read_sendings(home) if sending.delivery_id == delivery_id]
    if not sent or sent[-1].extract == DELIVERY_WITHDRAWAL.name:
        raise NoSuchDeliveryError(delivery_id)
    # Nobody takes back what is yet to come: where the clock says so it went back, or was ahead once.
    now = max(datetime.now(LOCAL_TIME), sent[-1].received_at)
    period = f"{now:%Y-%m-%d}"
    said = {
        "withdrawn_delivery_id": delivery_id,
        "document_no": document_no,
        "decided_by": by.strip(),
        "reason": reason.strip(),
    }
    content = orjson.dumps([said], option=orjson.OPT_INDENT_2)
    manifest = {
        "extract": DELIVERY_WITHDRAWAL.name,
        "supplier": ON_BEHALF_OF_ALL,
        "period": period,
        "received_at": now.isoformat(),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    file = home.landing / DELIVERY_WITHDRAWAL.name / ON_BEHALF_OF_ALL / period / f"rut-{delivery_id}-{now:%H%M%S}.json"
    # The manifest first: a file without it would be taken in with the time of the disk.
    put_bytes(file.with_name(f"{file.name}{MANIFEST}"), orjson.dumps(manifest), private=True)
    put_bytes(file, content, private=True)
    return file
