"""Attempts: of which deliveries judging died, how often, and which are parked until a person lets them be tried again.

A refusal is a judgement and no attempt. How a delivery is judged by itself belongs to `judging_alone`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from schemas.extracts import all_extracts
from schemas.rule_set import rule_set_of
from warehouse.ledger import LOCAL_TIME, Sending
from warehouse.storage import Home, put_bytes

MOST_ATTEMPTS = 3
"""After so many deaths under one rule-set nobody tries a delivery again by himself."""


@dataclass(frozen=True)
class Unjudged:
    """A delivery that has no judgement because judging died of it.

    `attempts` counts since the last release from parking, under the rules of this code; `how` is what it died of last: the
    name of an error, a signal, or a limit.
    """

    delivery_id: str
    extract: str
    supplier_code: str
    period: str
    attempts: int
    how: str

    @property
    def is_parked(self) -> bool:
        """Whether it is tried no more."""
        return self.attempts >= MOST_ATTEMPTS


def record_death(home: Home, sending: Sending, how: str) -> Unjudged:
    """Write down that judging died of a delivery; how it stands with it now."""
    _write(home, sending.delivery_id, {"event": "died", "how": how} | _about(sending))
    return unjudged(home)[sending.delivery_id]


def unpark(home: Home, extract: str, supplier_code: str | None = None, period: str | None = None) -> list[Unjudged]:
    """Let what judging died of be tried again as if for the first time; what was let go. Raises nothing where nothing fits."""
    let_go = [
        each
        for each in unjudged(home).values()
        if each.attempts
        and each.extract == extract
        and supplier_code in (None, each.supplier_code)
        and period in (None, each.period)
    ]
    for each in let_go:
        about = {"extract": each.extract, "supplier_code": each.supplier_code, "period": each.period}
        _write(home, each.delivery_id, {"event": "unparked", **about})
    return let_go


def unjudged(home: Home) -> dict[str, Unjudged]:
    """Every delivery that judging ever died of, by its id; also those judged since, whose receipt is what counts."""
    folder = home.ledger / "attempts"
    if not folder.exists():
        return {}
    told = {delivery.name: _events(home, delivery.name) for delivery in sorted(folder.iterdir())}
    # A disk that was full has a folder made and nothing written into it.
    return {delivery_id: _standing(delivery_id, events) for delivery_id, events in told.items() if events}


def _standing(delivery_id: str, events: Sequence[dict[str, Any]]) -> Unjudged:
    last = events[-1]
    rule_set_id = rule_set_of(all_extracts()[last["extract"]]).id
    attempts, how = 0, ""
    for event in events:
        if event["event"] == "unparked":
            attempts = 0
        elif event["rule_set_id"] == rule_set_id:
            attempts, how = attempts + 1, event["how"]
    return Unjudged(delivery_id, last["extract"], last["supplier_code"], last["period"], attempts, how)


def _events(home: Home, delivery_id: str) -> list[dict[str, Any]]:
    folder = home.ledger / "attempts" / delivery_id
    files = sorted(file for file in folder.iterdir() if file.suffix == ".json") if folder.exists() else []
    return [orjson.loads(file.read_bytes()) for file in files]


def _write(home: Home, delivery_id: str, event: dict[str, Any]) -> None:
    place = home.ledger / "attempts" / delivery_id / f"{len(_events(home, delivery_id)) + 1:06d}.json"
    put_bytes(place, orjson.dumps(event | {"at": datetime.now(LOCAL_TIME)}, option=orjson.OPT_INDENT_2))


def _about(sending: Sending) -> dict[str, str]:
    return {
        "extract": sending.extract,
        "supplier_code": sending.supplier_code,
        "period": sending.period,
        "rule_set_id": rule_set_of(all_extracts()[sending.extract]).id,
    }


@contextmanager
def begun(home: Home, sendings: Iterable[Sending]) -> Iterator[None]:
    """Mark deliveries as being judged; the marks stay behind when the block, or the process, does not end well."""
    folder = home.local_cache / "judging"
    folder.mkdir(parents=True, exist_ok=True)
    marks = [folder / sending.delivery_id for sending in sendings]
    for mark in marks:
        mark.touch()
    yield
    for mark in marks:
        mark.unlink(missing_ok=True)


def left_behind(home: Home) -> set[str]:
    """The ids of deliveries whose judging was begun and did not end: any of them may be what it died of."""
    folder = home.local_cache / "judging"
    return {mark.name for mark in folder.iterdir()} if folder.exists() else set()


def forget_marks(home: Home) -> None:
    """Remove all marks, once everything that was begun has been judged or written down."""
    shutil.rmtree(home.local_cache / "judging", ignore_errors=True)
