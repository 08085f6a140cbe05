"""What people decided about releases, kept for ever: approvals and rejections with name and reason, and marks to keep one.

One file a decision, numbered, never changed or removed. What follows from a decision belongs to `release` and `retention`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

import orjson

from warehouse.ledger import LOCAL_TIME
from warehouse.storage import Home, put_bytes


class Verdict(StrEnum):
    """What was decided of a release."""

    APPROVED = "approved"
    REJECTED = "rejected"
    MARKED = "marked"
    UNMARKED = "unmarked"


@dataclass(frozen=True)
class Decision:
    """One decision; `by` is a person's name. The number, not the clock, says which came last."""

    number: int
    release_id: str
    verdict: Verdict
    by: str
    reason: str
    decided_at: datetime


class NamelessDecisionError(Exception):
    """A decision needs a person and a reason."""


def decide(home: Home, release_id: str, verdict: Verdict, *, by: str, reason: str) -> Decision:
    """Write a decision down; whoever calls holds the builders' lock. NamelessDecisionError without name or reason."""
    if not by.strip() or not reason.strip():
        raise NamelessDecisionError
    number = max((decision.number for decision in read_decisions(home)), default=0) + 1
    decision = Decision(number, release_id, verdict, by.strip(), reason.strip(), datetime.now(LOCAL_TIME))
    put_bytes(
        home.decisions / f"{number:06d}-{verdict}-{release_id}.json",
        orjson.dumps(asdict(decision), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS),
    )
    return decision


def read_decisions(home: Home) -> list[Decision]:
    """Every decision, the first one first."""
    if not home.decisions.exists():
        return []
    said = [orjson.loads(file.read_bytes()) for file in home.decisions.iterdir() if file.suffix == ".json"]
    decisions = [
        Decision(
            **{
                **fields,
                "verdict": Verdict(fields["verdict"]),
                "decided_at": datetime.fromisoformat(fields["decided_at"]),
            }
        )
        for fields in said
    ]
    return sorted(decisions, key=lambda decision: decision.number)


def latest(home: Home, verdicts: Iterable[Verdict]) -> dict[str, Decision]:
    """By release, the last decision that is one of `verdicts`."""
    wanted = set(verdicts)
    return {decision.release_id: decision for decision in read_decisions(home) if decision.verdict in wanted}


def is_approved(home: Home, release_id: str) -> bool | None:
    """Whether a release was approved or rejected; None while nobody has decided."""
    found = latest(home, (Verdict.APPROVED, Verdict.REJECTED)).get(release_id)
    return None if found is None else found.verdict is Verdict.APPROVED


def marked(home: Home) -> dict[str, Decision]:
    """The releases that are kept whatever their age, each with who wanted it and why."""
    found = latest(home, (Verdict.MARKED, Verdict.UNMARKED))
    return {each: decision for each, decision in found.items() if decision.verdict is Verdict.MARKED}
