"""The figures reported for 2023, scaled, and the sizes assumed around them.

What belongs here: numbers every part of the pretend province is built from. Shares stay as they are at every scale;
counts are multiplied by the scale and rounded. Reported figures come from the press article of January 2024 on the
province's results for 2023; the rest is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

YEAR: Final = 2023
FIRST_DAY: Final = date(2023, 1, 1)
LAST_DAY_OF_YEAR: Final = date(2023, 12, 31)
LAST_FILE_DAY: Final = date(2024, 1, 24)
FILE_DAYS: Final = (LAST_FILE_DAY - FIRST_DAY).days + 1
SMALLEST_SCALE: Final = 0.002

# (numerator, denominator): whole numbers, so that the shares hold without rounding.
WORK_FILES_ONLINE: Final = {"province": (9, 10), "district": (8, 10), "commune": (6, 10)}
ACCOUNTS_15PLUS: Final = (7, 10)
FIBRE_HOUSEHOLDS: Final = (545, 1000)


@dataclass(frozen=True)
class Sizes:
    """Counts at one scale."""

    scale: float
    essential_online: int
    other_online: int
    essential_paper: int
    other_paper: int
    carried_over: int
    received_next_year: int
    never_received: int
    eid_accounts: int
    eid_target: int
    card_eligible: int
    procedures: int
    work_files_a_month: dict[str, int]
    households: int
    persons_15plus: int
    shared_databases: int

    @property
    def received(self) -> int:
        """Dossiers received in the year."""
        return self.essential_online + self.other_online + self.essential_paper + self.other_paper


def sizes(scale: float) -> Sizes:
    """Counts of the article and around it, multiplied by ``scale``."""
    if not SMALLEST_SCALE <= scale <= 1:
        raise ValueError(f"scale must lie between {SMALLEST_SCALE} and 1, not {scale}")

    def count(at_full_scale: int) -> int:
        return round(at_full_scale * scale)

    return Sizes(
        scale=scale,
        essential_online=count(491_643),
        other_online=count(69_457),
        essential_paper=count(90_000),
        other_paper=count(253_900),
        carried_over=count(30_000),
        received_next_year=count(62_000),
        never_received=count(6_000),
        eid_accounts=count(958_367),
        eid_target=count(794_301),
        card_eligible=count(1_512_340),
        procedures=count(2_000),
        work_files_a_month={"province": count(36_000), "district": count(24_000), "commune": count(78_000)},
        households=count(619_000),
        persons_15plus=count(1_430_000),
        shared_databases=38,
    )
