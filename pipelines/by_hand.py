"""Jobs that a person starts: cells of an extract retried in one run, a release put in place. What they call is elsewhere."""

import dagster as dg

from assets.extract_asset import judge_periods
from assets.ledger_state import LedgerState, stop_if_judging_died
from assets.partitions import Slot, slot_of_key
from assets.release_tables import release_events
from assets.report_pages import report_events, write_reports
from assets.telling import tell
from assets.told import tell_partitions, tell_taken_back
from schemas.contract import Extract
from schemas.extracts import all_extracts
from warehouse.attempts import unpark
from warehouse.release import outcome_of_current
from warehouse.storage import Home


class Cells(dg.Config):
    """Partitions of one extract, written as the UI writes them; without any, those with a file that judging died of."""

    extract: str
    partitions: list[str] | None = None


@dg.op(out=dg.Out(dg.Nothing))
def retry_cells(context: dg.OpExecutionContext, config: Cells, home: dg.ResourceParam[Home]) -> None:
    """Let go what is parked in the cells, take in and judge what they lack, and log the events of each of them."""
    extract = all_extracts()[config.extract]
    slots = [slot_of_key(extract, key) for key in config.partitions or ()]
    slots = slots or sorted(LedgerState(home).unjudged_slots(extract.name))
    judged = judge_periods(home, extract, {slot.period for slot in slots}, before=lambda: _let_go(home, extract, slots))
    state = LedgerState(home)
    tell_partitions(context, home, extract, state, slots, judged.seconds)
    tell_taken_back(context, home, extract, state, slots)
    context.log.info(f"{len(slots)} cells, {len(judged.seconds)} deliveries judged")
    stop_if_judging_died(judged.deaths)


def _let_go(home: Home, extract: Extract, slots: list[Slot]) -> None:
    for slot in slots:
        unpark(home, extract.name, slot.supplier_code, slot.period)


@dg.job(
    executor_def=dg.in_process_executor,
    description="Thử lại các ô, một lần chạy bao nhiêu ô cũng được — retry cells, one run however many.",
)
def retry() -> None:
    """Retry cells of an extract."""
    retry_cells()


@dg.op(out=dg.Out(dg.Nothing))
def tell_of_release(context: dg.OpExecutionContext, home: dg.ResourceParam[Home]) -> None:
    """Log the tables, audits and budgets of the current release, write its reports and log them."""
    if (outcome := outcome_of_current(home)) is not None:
        tell(context, release_events(outcome))
        tell(context, report_events(write_reports(home)))


@dg.job(
    executor_def=dg.in_process_executor,
    description="Ghi nhận bản phát hành vừa được duyệt hoặc đưa trở lại — tell of a release approved or put back.",
)
def release_in_place() -> None:
    """Tell of a release that a person approved or put back."""
    tell_of_release()
