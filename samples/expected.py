"""What a planted defect makes a correct judge say: rule codes with their stage and severity.

What belongs here: the vocabulary in which every part of the simulator states its truth. The codes are written down by
hand from the contracts' wording; no rule of the project is imported, or the judge would be judged by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["refuse", "quarantine", "blank", "warn"]
Stage = Literal["gate", "release"]
Fate = Literal["accepted", "quarantined_gate", "quarantined_release", "structural", "refused"]


@dataclass(frozen=True)
class Expected:
    """One rule a row or a file must be found to break."""

    rule_code: str
    severity: Severity
    stage: Stage = "gate"


def quarantine(rule_code: str) -> Expected:
    """The row is set aside at the gate."""
    return Expected(rule_code, "quarantine")


def blank(rule_code: str) -> Expected:
    """The value is dropped and the row kept."""
    return Expected(rule_code, "blank")


def warn(rule_code: str) -> Expected:
    """The row and the value are kept."""
    return Expected(rule_code, "warn")


def at_release(rule_code: str) -> Expected:
    """The row passes the gate and is set aside in the release."""
    return Expected(rule_code, "quarantine", "release")


def warn_at_release(rule_code: str) -> Expected:
    """The row counts, and the release tells its supplier something about it."""
    return Expected(rule_code, "warn", "release")


def fate_of(expected: Iterable[Expected]) -> Fate:
    """Where a row with these findings ends, in a file that is accepted."""
    stages = {one.stage for one in expected if one.severity == "quarantine"}
    if "gate" in stages:
        return "quarantined_gate"
    return "quarantined_release" if stages else "accepted"
