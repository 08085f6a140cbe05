"""Which dossiers are being worked on in the days of the year, for the daily extracts that tell of them.

What belongs here: the choice of dossiers by day and the moment their daily files come. What does not: what is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np

from samples.article import FILE_DAYS, FIRST_DAY
from samples.dossier_spelling import World
from samples.draws import Ints, generator
from samples.landing import at

_WORKED_ON_DAYS: Final = 20
_LEAST_A_DAY: Final = 12


def worked_on(world: World, seed: int, topic: str, a_year: float) -> Iterator[tuple[date, Ints, Ints]]:
    """Of every day of files: the day, some of the dossiers received in the three weeks before, each once, and how many
    days ago each was received. ``a_year`` is how many there are in 365 days."""
    rng = generator(seed, topic)
    order = np.argsort(world.dossiers.received_day, kind="stable")
    received = world.dossiers.received_day[order]
    wanted = max(round(a_year / 365), _LEAST_A_DAY)
    for day in range(FILE_DAYS):
        first = int(np.searchsorted(received, max(day - _WORKED_ON_DAYS, -_WORKED_ON_DAYS)))
        end = int(np.searchsorted(received, day, side="right"))
        chosen = first + rng.choice(end - first, min(wanted, end - first), replace=False)
        of = order[np.sort(chosen)]
        yield FIRST_DAY + timedelta(days=day), of, day - world.dossiers.received_day[of]


def handed_over(day: date, minute: int) -> datetime:
    """Daily files come in the second hour of the night after."""
    return at(datetime.combine(day + timedelta(days=1), time(2, minute)))
