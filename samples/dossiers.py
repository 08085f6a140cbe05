"""The lives of the pretend dossiers: what is true, before any file is written or spoilt.

What belongs here: who asks for what, where and by which channel, when it is received, processed, finished, returned.
Days are whole numbers counted from 1 January 2023. What does not: files, spelling, defects.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

import numpy as np
import polars as pl

from samples.article import FILE_DAYS, FIRST_DAY, LAST_DAY_OF_YEAR, Sizes
from samples.draws import Floats, Ints, Mask, apportion, generator, stratified, weighted
from samples.province import Province

ABSENT: Final = -10_000
YEAR_DAYS: Final = (LAST_DAY_OF_YEAR - FIRST_DAY).days + 1
NEW_LIST_DAY: Final = (date(2023, 7, 1) - FIRST_DAY).days
_OPENS_AT_SECOND: Final = 7 * 3600 + 1800
_CLOSES_AT_SECOND: Final = 17 * 3600


class Group(IntEnum):
    """Why a dossier exists; the sizes of the groups are the article's figures."""

    ESSENTIAL_ONLINE = 0
    OTHER_ONLINE = 1
    ESSENTIAL_PAPER = 2
    OTHER_PAPER = 3
    CARRIED_OVER = 4
    NEXT_YEAR = 5
    NEVER_RECEIVED = 6


class Stage(IntEnum):
    """Moments of a dossier's life, in their order; each that changes the dossier makes a record."""

    REGISTER = 0
    RECEIVE = 1
    PROCESS = 2
    PAUSE = 3
    RESUME = 4
    END = 5
    RETURN = 6


@dataclass(frozen=True)
class Dossiers:
    """One entry per dossier in every array; indexes point into the frames of the province and of the procedures."""

    group: Ints
    procedure: Ints
    unit: Ints
    agency: Ints
    person: Ints
    channel: Ints
    applicant_kind: Ints
    submitted_day: Ints
    received_day: Ints
    due_day: Ints
    finished_day: Ints
    returned_day: Ints
    stage_days: Ints
    pause_status: Ints
    end_status: Ints
    amount_due_vnd: Ints
    paid_online: Mask
    components_digitised: Mask
    vneid_authenticated: Mask
    result_digitised: Mask
    dossier_code: pl.Series

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True)
class Records:
    """One entry per state that some daily file carries, by dossier and then by day."""

    dossier: Ints
    stage: Ints
    day: Ints
    second: Ints
    status: Ints
    days_to_next: Ints

    def __len__(self) -> int:
        return len(self.dossier)


def make_dossiers(seed: int, sizes: Sizes, province: Province, procedures: pl.DataFrame) -> Dossiers:
    """All dossiers that change between 1 January 2023 and 24 January 2024."""
    rng = generator(seed, "dossiers")
    group = _groups(sizes)
    count = len(group)
    received = _received_days(rng, group)
    online = np.isin(group, (Group.ESSENTIAL_ONLINE, Group.OTHER_ONLINE))
    later = np.isin(group, (Group.CARRIED_OVER, Group.NEXT_YEAR, Group.NEVER_RECEIVED))
    online = np.where(later, rng.random(count) < 0.65, online)
    procedure = _procedures(rng, group, received, online, procedures)
    unit = _units(rng, online, len(province.communes))
    agency = _agencies(rng, unit, procedures["agency"].gather(procedure), province)
    life = _lives(rng, group, received, procedures["days"].gather(procedure).to_numpy())
    amounts = np.array([0, 5_000, 8_000, 20_000, 30_000, 50_000, 100_000, 150_000, 500_000, 1_250_000])
    amount = amounts[weighted(rng, np.array([55.0, 6, 9, 8, 7, 6, 4, 3, 1.5, 0.5]), count)]
    return Dossiers(
        group=group,
        procedure=procedure,
        unit=unit,
        agency=agency,
        person=rng.integers(0, _people_needed(count), count),
        channel=np.where(online, 2, np.where(rng.random(count) < 0.93, 1, 3)),
        applicant_kind=np.where(rng.random(count) < 0.06, 2, 1),
        amount_due_vnd=amount,
        paid_online=(amount > 0) & (rng.random(count) < 0.35),
        components_digitised=rng.random(count) < 0.60,
        vneid_authenticated=rng.random(count) < 0.45,
        result_digitised=rng.random(count) < 0.55,
        dossier_code=_codes(agency, life.submitted, province),
        submitted_day=life.submitted,
        received_day=life.received,
        due_day=life.due,
        finished_day=life.finished,
        returned_day=life.returned,
        stage_days=life.stages,
        pause_status=np.array([5, 6, 8])[weighted(rng, np.array([6.0, 3, 1]), count)],
        end_status=life.end_status,
    )


def people_of(dossiers: Dossiers) -> int:
    """How many people stand behind the dossiers."""
    return _people_needed(len(dossiers))


def make_records(seed: int, dossiers: Dossiers) -> Records:
    """The states that daily files carry: of several changes on one day only the last."""
    rng = generator(seed, "records")
    days = dossiers.stage_days
    is_last_of_day = np.zeros(days.shape, dtype=bool)
    following = np.full(days.shape, np.iinfo(np.int64).max // 2)
    next_day = following[:, 0].copy()
    for stage in reversed(Stage):
        day = days[:, stage]
        is_last_of_day[:, stage] = (day >= 0) & (day < FILE_DAYS) & (day < next_day)
        following[:, stage] = next_day
        next_day = np.where(is_last_of_day[:, stage], day, next_day)
    dossier, stage_of = np.nonzero(is_last_of_day)
    return Records(
        dossier=dossier,
        stage=stage_of,
        day=days[dossier, stage_of],
        second=rng.integers(_OPENS_AT_SECOND, _CLOSES_AT_SECOND, len(dossier)),
        status=_statuses(dossiers, dossier, stage_of),
        days_to_next=following[dossier, stage_of] - days[dossier, stage_of],
    )


@dataclass(frozen=True)
class _Lives:
    submitted: Ints
    received: Ints
    due: Ints
    finished: Ints
    returned: Ints
    end_status: Ints
    stages: Ints


def _people_needed(dossiers: int) -> int:
    return max(dossiers * 3 // 5, 1)


def _groups(sizes: Sizes) -> Ints:
    counts = (
        sizes.essential_online, sizes.other_online, sizes.essential_paper, sizes.other_paper,
        sizes.carried_over, sizes.received_next_year, sizes.never_received,
    )  # fmt: skip
    return np.repeat(np.array(Group, dtype=np.int64), counts)


def _received_days(rng: np.random.Generator, group: Ints) -> Ints:
    """Reception days; every day of the year gets some, since a service takes online dossiers on Sundays too."""
    received = np.empty(len(group), dtype=np.int64)
    weights = _day_weights()
    in_year = group <= Group.OTHER_PAPER
    received[in_year] = stratified(rng, weights[:YEAR_DAYS], int(in_year.sum()))
    carried = group == Group.CARRIED_OVER
    received[carried] = -1 - np.minimum(rng.geometric(1 / 14, int(carried.sum())), 180)
    later = group == Group.NEXT_YEAR
    received[later] = YEAR_DAYS + stratified(rng, weights[YEAR_DAYS:], int(later.sum()))
    never = group == Group.NEVER_RECEIVED
    received[never] = rng.integers(0, FILE_DAYS - 3, int(never.sum()))
    return received


def _day_weights() -> Floats:
    by_weekday = np.array([1.15, 1.05, 1.0, 1.0, 0.95, 0.35, 0.25])
    weekdays = (np.arange(FILE_DAYS) + FIRST_DAY.weekday()) % 7
    return by_weekday[weekdays]


def _procedures(rng: np.random.Generator, group: Ints, received: Ints, online: Mask, procedures: pl.DataFrame) -> Ints:
    """A procedure in force on the day of reception; every essential service gets online dossiers."""
    drawn = np.empty(len(group), dtype=np.int64)
    service = procedures["service_no"].fill_null(0).to_numpy()
    for one in (Group.ESSENTIAL_ONLINE, Group.ESSENTIAL_PAPER):
        drawn[group == one] = _essential_procedures(rng, service, int((group == one).sum()))
    open_group = np.isin(group, (Group.CARRIED_OVER, Group.NEXT_YEAR))
    is_essential = np.isin(group, (Group.ESSENTIAL_ONLINE, Group.ESSENTIAL_PAPER))
    also_essential = open_group & (rng.random(len(group)) < np.where(online, 0.85, 0.25))
    drawn[also_essential] = _essential_procedures(rng, service, int(also_essential.sum()))
    other = ~is_essential & ~also_essential
    repealed = procedures["is_repealed"].to_numpy()
    new = procedures["is_new"].to_numpy()
    popularity = 1 / (1 + rng.permutation(len(procedures)).astype(np.float64))
    popularity[service > 0] = 0
    by_season = (
        (received < NEW_LIST_DAY, np.where(new, 0.0, popularity)),
        (received >= NEW_LIST_DAY, np.where(repealed, 0.0, popularity)),
    )
    for in_season, weights in by_season:
        drawn[other & in_season] = weighted(rng, weights, int((other & in_season).sum()))
    # A dossier that is never received has no reception date to judge its procedure by: use one always in force.
    never = group == Group.NEVER_RECEIVED
    drawn[never] = weighted(rng, np.where(new | repealed, 0.0, popularity), int(never.sum()))
    return drawn


def _essential_procedures(rng: np.random.Generator, service: Ints, size: int) -> Ints:
    """Procedures of the essential services; each service at least once when ``size`` allows."""
    numbers = np.unique(service[service > 0])
    weights = 1 / (1 + rng.permutation(len(numbers)).astype(np.float64)) ** 0.8
    per_service = apportion(size, weights, at_least=1 if size >= len(numbers) else 0)
    picked = []
    for number, wanted in zip(numbers, per_service, strict=True):
        choices = np.flatnonzero(service == number)
        picked.append(choices[rng.integers(0, len(choices), int(wanted))])
    return rng.permutation(np.concatenate(picked))


def _units(rng: np.random.Generator, online: Mask, communes: int) -> Ints:
    """Communes differ in size and in how much comes online, so that some stay under the threshold."""
    weights = rng.lognormal(0.0, 0.35, communes)
    online_rates = np.clip(rng.normal(0.61, 0.07, communes), 0.3, 0.9)
    unit = np.empty(len(online), dtype=np.int64)
    unit[online] = weighted(rng, weights * online_rates, int(online.sum()))
    unit[~online] = weighted(rng, weights * (1 - online_rates), int((~online).sum()))
    return unit


def _agencies(rng: np.random.Generator, unit: Ints, department: pl.Series, province: Province) -> Ints:
    """The commune's, its district's or the department's agency, as index into the province's agencies."""
    place = {code: index for index, code in enumerate(province.agencies["agency_code"])}
    by_unit = {
        code: index
        for index, (code, level) in enumerate(province.agencies.select("unit_code", "level").iter_rows())
        if level != "province"
    }
    of_commune = np.array([by_unit[code] for code in province.communes["unit_code"]])[unit]
    of_district = np.array([by_unit[code] for code in province.communes["parent_code"]])[unit]
    of_department = department.replace_strict(place, return_dtype=pl.Int64).to_numpy()
    level = weighted(rng, np.array([0.5, 0.2, 0.3]), len(unit))
    return np.choose(level, [of_commune, of_district, of_department])


def _lives(rng: np.random.Generator, group: Ints, received: Ints, allowed: Ints) -> _Lives:
    """When each thing happens to a dossier; ``allowed`` is the procedure's time limit in days."""
    count = len(group)
    never = group == Group.NEVER_RECEIVED
    carried = group == Group.CARRIED_OVER
    on_time = rng.random(count) < 0.975
    taken = np.floor(rng.beta(1.3, 1.8, count) * (allowed + 1)).astype(np.int64)
    finished = received + np.where(on_time, taken, allowed + rng.geometric(0.25, count))
    # Carried over means open at the turn of the year, but for a few finished and not yet returned.
    carried_finish = rng.geometric(0.12, count) - 1 - np.where(rng.random(count) < 0.08, 6, 0)
    finished = np.where(carried, np.maximum(carried_finish, received), finished)
    due = np.where(carried, finished + np.where(on_time, rng.integers(0, 6, count), -1), received + allowed)
    due = np.where(rng.random(count) < 0.01, ABSENT, np.maximum(due, received))

    can_pause = ~never & (finished - received >= 3) & (rng.random(count) < 0.10)
    stuck = can_pause & (rng.random(count) < 0.08)
    pause = np.where(can_pause, received + 1, ABSENT)
    resume = np.where(can_pause & ~stuck, finished - 1, ABSENT)
    process = np.minimum(received + np.where(rng.random(count) < 0.72, 0, rng.geometric(0.6, count)), finished - 1)
    process = np.where(can_pause | (process < received) | (rng.random(count) < 0.08), ABSENT, process)

    withdrawn = ~never & (rng.random(count) < 0.008)
    end_status = np.where(never, 3, np.where(withdrawn, 7, 9))
    end = np.where(stuck, ABSENT, finished)
    end = np.where(never, np.where(rng.random(count) < 0.7, received + rng.integers(1, 4, count), ABSENT), end)
    is_resolved = (end != ABSENT) & (end_status == 9)
    wait = np.where(rng.random(count) < 0.64, 0, rng.geometric(0.4, count))
    wait = np.where(carried & (finished < 0), np.maximum(wait, rng.integers(0, 9, count) - finished), wait)
    returned = np.where(is_resolved, finished + wait, ABSENT)

    registers = never | ((group == Group.ESSENTIAL_ONLINE) & (rng.random(count) < 0.04))
    register = np.where(never, received, received - 1)
    submitted = np.where(registers, register, received)
    stages = np.stack(
        [
            np.where(registers, register, ABSENT),
            np.where(never, ABSENT, received),
            np.where(never, ABSENT, process),
            pause,
            resume,
            end,
            returned,
        ],
        axis=1,
    )
    return _Lives(
        submitted=submitted,
        received=np.where(never, ABSENT, received),
        due=np.where(never, ABSENT, due),
        finished=np.where(is_resolved, finished, ABSENT),
        returned=returned,
        end_status=end_status,
        stages=stages,
    )


def _codes(agency: Ints, submitted: Ints, province: Province) -> pl.Series:
    """Agency in the old order, day of submission, and a number within both."""
    numbered = pl.DataFrame({"agency": agency, "day": submitted}).with_columns(
        number=pl.int_range(1, pl.len() + 1).over("agency", "day")
    )
    days = pl.Series([f"{FIRST_DAY + timedelta(days=day):%y%m%d}" for day in range(-400, FILE_DAYS)])
    return numbered.select(
        pl.concat_str(
            pl.lit(province.agencies["agency_code_old"].gather(agency)),
            pl.lit(days.gather(submitted + 400)),
            pl.col("number").cast(pl.String).str.zfill(4),
            separator="-",
        ).alias("dossier_code")
    ).to_series()


def _statuses(dossiers: Dossiers, dossier: Ints, stage: Ints) -> Ints:
    by_stage = np.array([1, 2, 4, 0, 4, 0, 10])[stage]
    by_stage = np.where(stage == Stage.PAUSE, dossiers.pause_status[dossier], by_stage)
    return np.where(stage == Stage.END, dossiers.end_status[dossier], by_stage)
