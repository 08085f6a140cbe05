"""Which dossier records are spoilt, when they come again, and on which line of which daily file each record stands.

What belongs here: the plan of the year's daily files as arrays, and the calendar of what happens to whole files. What
does not: what a defect looks like (``dossier_defects``), how a record is spelled, any byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Final

import numpy as np

from samples.article import FILE_DAYS, FIRST_DAY
from samples.dossier_defects import INDEPENDENT, Candidates, Defect
from samples.dossiers import ABSENT, NEW_LIST_DAY, Dossiers, Group, Records, Stage
from samples.draws import Ints, Mask, generator

_LONGEST_CORRECTION_DAYS: Final = 20
_UNCORRECTED_SHARE: Final = 0.25
_MULTIPLE_AT_FULL_SCALE: Final = 500
_FEWEST_MULTIPLE: Final = 20


class FileEvent(Enum):
    """What happens to the file of a day."""

    TRUNCATED = auto()
    MISSING_COLUMN = auto()
    WRONG_HEADER = auto()
    EXTRA_COLUMN = auto()
    RESENT_UNCHANGED = auto()
    RESENT_CORRECTED = auto()
    RESENT_A_B_A = auto()
    LATE = auto()


# (event, days until the right file arrives); working days, so that the files are not tiny at small scales.
EVENTS: Final = {
    date(2023, 2, 21): (FileEvent.EXTRA_COLUMN, 0),
    date(2023, 3, 14): (FileEvent.TRUNCATED, 2),
    date(2023, 4, 11): (FileEvent.MISSING_COLUMN, 3),
    date(2023, 5, 16): (FileEvent.RESENT_UNCHANGED, 6),
    date(2023, 6, 6): (FileEvent.WRONG_HEADER, 2),
    date(2023, 7, 18): (FileEvent.RESENT_CORRECTED, 9),
    date(2023, 8, 22): (FileEvent.TRUNCATED, 5),
    date(2023, 9, 12): (FileEvent.EXTRA_COLUMN, 0),
    date(2023, 10, 10): (FileEvent.RESENT_A_B_A, 7),
    date(2023, 11, 21): (FileEvent.LATE, 28),
    date(2023, 12, 13): (FileEvent.RESENT_CORRECTED, 21),
    date(2023, 12, 19): (FileEvent.LATE, 20),
    date(2023, 12, 27): (FileEvent.MISSING_COLUMN, 8),
    date(2023, 12, 28): (FileEvent.TRUNCATED, 6),
}


class Role(Enum):
    """Why a line stands in a file."""

    ORIGINAL = 0
    TWIN = 1
    CORRECTION = 2


@dataclass(frozen=True)
class Spoilt:
    """The records chosen to be spoilt, with up to three defects each (−1: none) and the day they come again (−1: never)."""

    record: Ints
    defects: Ints
    corrected_on: Ints
    corrected_later_by_seconds: Ints


@dataclass(frozen=True)
class Lines:
    """The rows of all files in the order of files and lines; ``spoilt`` indexes into the choice (−1: clean)."""

    record: Ints
    day: Ints
    role: Ints
    spoilt: Ints
    delay_seconds: Ints


def choose(
    records: Records, dossiers: Dossiers, defects: Sequence[Defect], seed: int, scale: float, dirt: float
) -> Spoilt:
    """Pick the records to spoil, at most one per dossier, so that a defect's neighbours in time are clean.

    ``dirt`` is the share of records with one defect; a fixed number, scaled, has two or three.
    """
    rng = generator(seed, "dossier defects")
    pool = _one_record_per_dossier(rng, records)
    if dirt:
        quota = max(1, round(dirt * len(records) / len(defects)))
        several = max(round(_MULTIPLE_AT_FULL_SCALE * scale), _FEWEST_MULTIPLE)
        record, chosen = _allot(rng, _candidates(records, dossiers, pool), defects, pool, quota, several)
    else:
        record, chosen = pool[:0], np.zeros((0, 3), dtype=np.int64)
    day = records.day[record]
    # A day's file that counts only later must not win over a correction with the same event time.
    later = (rng.random(len(record)) < 0.3) | _on_event_day(day)
    return Spoilt(
        record=record,
        defects=chosen,
        corrected_on=_correction_days(rng, records, dossiers, defects, record, chosen),
        corrected_later_by_seconds=np.where(later, rng.integers(60, 540, len(record)), 0),
    )


def _one_record_per_dossier(rng: np.random.Generator, records: Records) -> Ints:
    """A random record of each dossier in random order; the last day is left out, for nothing comes after it."""
    order = rng.permutation(len(records))
    order = order[records.day[order] < FILE_DAYS - 1]
    _, first = np.unique(records.dossier[order], return_index=True)
    return order[np.sort(first)]


def _allot(
    rng: np.random.Generator,
    candidates: Candidates,
    defects: Sequence[Defect],
    pool: Ints,
    quota: int,
    several: int,
) -> tuple[Ints, Ints]:
    """Records and their defects (three places each, −1: none): ``quota`` of every kind, then ``several`` with more."""
    taken = np.zeros(len(pool), dtype=bool)
    picked: list[Ints] = []
    kinds: list[Ints] = []
    for kind, defect in enumerate(defects):
        places = np.flatnonzero(defect.eligible(candidates) & ~taken)[:quota]
        taken[places] = True
        picked.append(pool[places])
        kinds.append(np.tile([kind, -1, -1], (len(places), 1)))
    places = np.flatnonzero(candidates.is_received & ~taken)[:several]
    picked.append(pool[places])
    kinds.append(_several_defects(rng, defects, len(places)))
    return np.concatenate(picked), np.concatenate(kinds)


def _correction_days(
    rng: np.random.Generator,
    records: Records,
    dossiers: Dossiers,
    defects: Sequence[Defect],
    record: Ints,
    chosen: Ints,
) -> Ints:
    """The day whose file carries the record again, −1 when none does."""
    # The place −1 of "no defect" reads the last entry.
    stays: Mask = np.all(np.array([*(defect.stays for defect in defects), True])[chosen], axis=1)
    needs_none = np.array([not defect.expected for defect in defects])[chosen[:, 0]]
    forgotten = _may_stay_wrong(records, dossiers, record, stays) & (rng.random(len(record)) < _UNCORRECTED_SHARE)
    days_later = rng.integers(1, _LONGEST_CORRECTION_DAYS + 1, len(record))
    on = np.minimum(records.day[record] + days_later, FILE_DAYS - 1)
    return np.where(needs_none | forgotten, -1, on)


def _candidates(records: Records, dossiers: Dossiers, pool: Ints) -> Candidates:
    status = records.status[pool]
    dossier = records.dossier[pool]
    is_received = ~np.isin(status, (1, 3))
    return Candidates(
        is_received=is_received,
        is_finished=np.isin(status, (9, 10)),
        is_returned=status == 10,
        has_due_date=is_received & (dossiers.due_day[dossier] != ABSENT),
        uses_late_list=is_received & (dossiers.received_day[dossier] >= NEW_LIST_DAY),
        has_later_state_after_a_gap=(records.days_to_next[pool] >= 2) & (records.days_to_next[pool] < FILE_DAYS),
        is_on_plain_day=~_on_event_day(records.day[pool]),
    )


def _on_event_day(day: Ints) -> Mask:
    on_event: Mask = np.isin(day, [(event - FIRST_DAY).days for event in EVENTS])
    return on_event


def _several_defects(rng: np.random.Generator, defects: Sequence[Defect], size: int) -> Ints:
    """Two or three defects on different columns for each of ``size`` records."""
    independent = [kind for kind, defect in enumerate(defects) if defect.name in INDEPENDENT]
    chosen = np.full((size, 3), -1)
    for row in range(size):
        columns: set[str] = set()
        wanted = int(rng.integers(2, 4))
        for kind in rng.permutation(independent):
            if len(columns) < wanted and defects[kind].column not in columns:
                chosen[row, len(columns)] = kind
                columns.add(defects[kind].column)
    return chosen


def _may_stay_wrong(records: Records, dossiers: Dossiers, record: Ints, stays: Mask) -> Mask:
    """Records that may never be corrected without changing a figure.

    They are paper dossiers of services that are not essential, and either a later state follows, or the record only
    says that a result already finished was handed over (then the older state is shown, with the same finish).
    """
    dossier = records.dossier[record]
    follows = records.days_to_next[record] < FILE_DAYS
    follows &= records.day[record] + records.days_to_next[record] < FILE_DAYS
    previous = np.maximum(record - 1, 0)
    hands_over = (
        (records.stage[record] == Stage.RETURN)
        & (records.dossier[previous] == dossier)
        & (records.stage[previous] == Stage.END)
        & ~stays
    )
    may_stay: Mask = (dossiers.group[dossier] == Group.OTHER_PAPER) & (follows | hands_over)
    return may_stay


def lay_out(records: Records, spoilt: Spoilt, defects: Sequence[Defect], seed: int) -> Lines:
    """Originals, twins and corrections in the order of files and lines (by event time inside a file)."""
    rng = generator(seed, "dossier lines")
    of_record = np.full(len(records), -1)
    of_record[spoilt.record] = np.arange(len(spoilt.record))
    has_twin = np.array([defect.twin != "none" for defect in defects])
    twins = np.flatnonzero(has_twin[spoilt.defects[:, 0]])
    corrected = np.flatnonzero(spoilt.corrected_on >= 0)
    nothing = np.zeros(len(twins), dtype=np.int64)
    record = np.concatenate([np.arange(len(records)), spoilt.record[twins], spoilt.record[corrected]])
    day = np.concatenate([records.day, records.day[spoilt.record[twins]], spoilt.corrected_on[corrected]])
    role = np.repeat([one.value for one in Role], [len(records), len(twins), len(corrected)])
    spoilt_of = np.concatenate([of_record, twins, np.full(len(corrected), -1)])
    delay = np.concatenate(
        [np.zeros(len(records), dtype=np.int64), nothing, spoilt.corrected_later_by_seconds[corrected]]
    )
    shuffle = rng.random(len(record))
    # A twin shares event time and tie-break with its original, so the two stand together.
    shuffle[len(records) : len(records) + len(twins)] = shuffle[spoilt.record[twins]]
    order = np.lexsort((role, shuffle, records.second[record] + delay, records.day[record], day))
    return Lines(record[order], day[order], role[order], spoilt_of[order], delay[order])
