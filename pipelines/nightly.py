"""The nightly: fetch from the sources, take in and judge what has landed, build and publish a release, write reports.

One process does all of it. Events are logged per partition and per table, so that the UI shows what it would show had
every asset been run by itself.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import dagster as dg

from assets.extract_asset import LONGEST_WAIT_S
from assets.ledger_state import LedgerState, slot_of, stop_if_judging_died
from assets.partitions import Slot, extend_calendar
from assets.release_tables import release_events, stop_if_unpublished
from assets.report_pages import are_of, report_events, write_reports
from assets.telling import tell
from assets.told import moved, tell_partitions
from pipelines.moments import end_of_day
from pipelines.pulls import fetch_from_sources
from pipelines.watcher import Watcher
from schemas.extracts import all_extracts
from warehouse.attempts import Unjudged
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.ledger import LOCAL_TIME, Receipt, Sending, withdrawn_in
from warehouse.locking import writing
from warehouse.release import ReleaseOutcome, build_release, outcome_of_current
from warehouse.retention import prune
from warehouse.storage import Home


class Selection(dg.Config):
    """Which sendings a run takes in: all, unless an extract, a period or a last day of receipt is named."""

    extract: str | None = None
    period: str | None = None
    until: str | None = None

    @property
    def received_by(self) -> datetime | None:
        """The last moment of the day named by `until`, local time."""
        if self.until is None:
            return None
        return end_of_day(self.until)


@dataclass(frozen=True)
class _TakenIn:
    """What a run recorded and judged, the seconds each delivery took, and what judging died of."""

    sendings: list[Sending]
    receipts: list[Receipt]
    seconds: Mapping[str, float]
    deaths: list[Unjudged]


@dg.op(out=dg.Out(dg.Nothing))
def take_in(
    context: dg.OpExecutionContext, config: Selection, home: dg.ResourceParam[Home], watcher: dg.ResourceParam[Watcher]
) -> None:
    """Record the sendings not yet recorded, judge what is new, and log the events of the partitions concerned."""
    taken_in = _record_and_judge(context, config, home, watcher)
    _tell_partitions(context, config, home, taken_in)
    stop_if_judging_died(taken_in.deaths)


@dg.op(out=dg.Out(dg.Nothing))
def pull_sources(
    context: dg.OpExecutionContext, config: Selection, home: dg.ResourceParam[Home], watcher: dg.ResourceParam[Watcher]
) -> None:
    """Fetch from every declared source into landing, unless the run is about files received by some day.

    What is fetched now is received now.
    """
    if config.until is None:
        fetch_from_sources(context, home, watcher, extract=config.extract, period=config.period)


@dg.op(
    ins={"pulled": dg.In(dg.Nothing)},
    out={"deaths": dg.Out(is_required=False), "unshown_release": dg.Out(dg.Nothing, is_required=False)},
)
def take_in_and_publish(
    context: dg.OpExecutionContext, config: Selection, home: dg.ResourceParam[Home], watcher: dg.ResourceParam[Watcher]
) -> Iterator[dg.Output[Any]]:
    """Take in; build, audit and publish a release from the ledger unless the current one is of the same inputs."""
    taken_in = _record_and_judge(context, config, home, watcher)
    if taken_in.deaths:
        yield dg.Output(taken_in.deaths, "deaths")
    watcher.began("release")
    # Telling a thousand events keeps one core busy for seconds, and a build leaves about that much of two cores idle.
    with ThreadPoolExecutor(max_workers=1) as beside:
        building = beside.submit(build_release, home, until=config.received_by, on_step=watcher.built)
        _tell_partitions(context, config, home, taken_in)
        outcome = building.result()
    watcher.released(outcome)
    if outcome.is_new:
        tell(context, release_events(outcome))
        stop_if_unpublished(outcome)
    else:
        context.log.info(f"nothing new since release {outcome.release_id}, {_standing(outcome)}")
        in_place = outcome_of_current(home)
        if in_place is None or are_of(home, in_place.release_id):
            return
        # A run died after it had published, or somebody put another release in place.
        tell(context, release_events(in_place))
    yield dg.Output(None, "unshown_release")


def _standing(outcome: ReleaseOutcome) -> str:
    if outcome.is_rejected:
        return "which was rejected"
    return "which waits for a person" if outcome.is_held else "which is the current one"


def _record_and_judge(context: dg.OpExecutionContext, config: Selection, home: Home, watcher: Watcher) -> _TakenIn:
    seconds: dict[str, float] = {}
    deaths: list[Unjudged] = []

    def on_receipt(receipt: Receipt, took: float) -> None:
        seconds[receipt.delivery_id] = took
        watcher.judged(receipt, took)

    selected: dict[str, Any] = {
        "until": config.received_by,
        "extract": config.extract,
        "periods": None if config.period is None else {config.period},
    }
    with writing(home, wait_s=LONGEST_WAIT_S):
        watcher.began("sendings")
        sendings = record_sendings(home, on_file=watcher.filed, **selected)
        watcher.recorded(sendings)
        watcher.began("judging")
        receipts = judge_pending(
            home, on_total=watcher.expects, on_receipt=on_receipt, on_death=deaths.append, **selected
        )
    context.log.info(f"{len(sendings)} sendings recorded, {len(receipts)} deliveries judged")
    return _TakenIn(sendings, receipts, seconds, deaths)


def _tell_partitions(context: dg.OpExecutionContext, config: Selection, home: Home, taken_in: _TakenIn) -> None:
    """Log the events of the partitions that a run concerned, and of those that moved without being told."""
    state = LedgerState(home, config.received_by)
    taken_back = withdrawn_in(home, taken_in.receipts)
    for name, extract in all_extracts().items():
        extend_calendar(
            context.instance, extract, datetime.now(LOCAL_TIME).date(), {slot.period for slot in state.slots(name)}
        )
        slots = _touched(name, taken_in) | state.slots_of(name, taken_back)
        slots |= moved(home, context.instance, extract, state)
        known = state.slots(name) | state.unjudged_slots(name)
        tell_partitions(context, home, extract, state, slots & known, taken_in.seconds)


def _touched(extract: str, taken_in: _TakenIn) -> set[Slot]:
    concerned: list[Sending | Receipt | Unjudged] = [*taken_in.sendings, *taken_in.receipts, *taken_in.deaths]
    return {slot_of(each) for each in concerned if each.extract == extract}


@dg.op(ins={"unshown_release": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
def publish_reports(
    context: dg.OpExecutionContext, home: dg.ResourceParam[Home], watcher: dg.ResourceParam[Watcher]
) -> None:
    """Remove releases that need not stay; write the pages, the dictionary and the departments' returns of the one in place."""
    for removed in prune(home):
        context.log.info(f"removed release {removed.release_id}, {removed.size_bytes} bytes; its record stays")
    watcher.began("reports")
    written = write_reports(home)
    tell(context, report_events(written))
    watcher.wrote([file for files in written.values() for file in files])


@dg.op(out=dg.Out(dg.Nothing))
def fail_for_deaths(deaths: list[Unjudged]) -> None:
    """Fail the run of files that judging died of, after everything else was published as on any other night."""
    stop_if_judging_died(deaths)


@dg.job(executor_def=dg.in_process_executor, description="Lấy, nhận, kiểm tra, phát hành, báo cáo — the nightly.")
def nightly() -> None:
    """Fetch, take in, judge, build, audit, publish, report."""
    taken_in = take_in_and_publish(pull_sources())
    publish_reports(taken_in.unshown_release)
    fail_for_deaths(taken_in.deaths)


@dg.job(executor_def=dg.in_process_executor, description="Nhận và kiểm tra tệp mới — take in what has landed.")
def intake() -> None:
    """Take in and judge without building a release; the sensor on the landing folder starts it."""
    take_in()


def nightly_config(selection: Selection) -> dict[str, Any]:
    """The run configuration of the nightly for a selection of sendings."""
    config = {"config": selection.model_dump(exclude_none=True)}
    return {"ops": {pull_sources.name: config, take_in_and_publish.name: config}}
