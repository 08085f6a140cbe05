"""One run for a whole backfill: the first that starts does the work of all others of its backfill, which then never start.

Dagster makes a run of every unbroken range of partitions, so three hundred scattered ones would be three hundred runs of
some seconds each before any work. What is done with the partitions belongs to their assets.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import dagster as dg

# The names of these tags are documented; their constants are not exported.
BACKFILL = "dagster/backfill"
_PARTITION = "dagster/partition"
_RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
LONGEST_SILENCE_S = 120.0
"""How long a run waits for the daemon to queue one more run of the backfill before it takes it for dead."""
_LOOK_AGAIN_S = 1.0


@dataclass(frozen=True)
class Gathered:
    """The partition keys that a run does, and what waits until the daemon has put all runs of its backfill into the queue."""

    keys: list[str]
    wait_for_queue: Callable[[], None]


@contextmanager
def gathered(context: dg.AssetExecutionContext, partitions: dg.PartitionsDefinition[str]) -> Iterator[Gathered]:
    """The partition keys of this run and of all runs of its backfill for the same assets that have not started.

    Those runs are removed when the block ends. Outcomes of checks on their partitions have to be told after it, or the UI
    waits for the checks that they planned. Materialisations have to be told within it, once the queue was waited for: SQLite
    gives the numbers of removed events anew, and the daemon looks at no number twice. When the work fails the runs are
    cancelled, for a machine that failed once would fail three hundred times.
    """
    keys = set(context.partition_keys)
    backfill_id = context.run.tags.get(BACKFILL)
    if backfill_id is None:
        yield Gathered(sorted(keys), lambda: None)
        return
    tagged = [run.tags for run in _queued(context, backfill_id)]
    tagged += [asked.tags for asked in _asked(context, backfill_id)]
    keys.update(key for tags in tagged for key in _keys_of(tags, partitions))
    try:
        yield Gathered(sorted(keys), lambda: _wait_for_queue(context, backfill_id))
    except Exception:
        for run in _taken_over(context, backfill_id, partitions, keys):
            context.instance.report_run_canceled(run)
        raise
    for run in _taken_over(context, backfill_id, partitions, keys):
        context.instance.delete_run(run.run_id)


def _queued(context: dg.AssetExecutionContext, backfill_id: str) -> list[dg.DagsterRun]:
    waiting = dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED], tags={BACKFILL: backfill_id})
    return [run for run in context.instance.get_runs(waiting) if run.asset_selection == context.selected_asset_keys]


def _asked(context: dg.AssetExecutionContext, backfill_id: str) -> list[dg.RunRequest]:
    """The runs that the daemon has yet to put into the queue; it writes down every twenty-fifth."""
    backfill = context.instance.get_backfill(backfill_id)
    asked = backfill.submitting_run_requests if backfill else ()
    return [each for each in asked if set(each.asset_selection or ()) == context.selected_asset_keys]


def _keys_of(tags: Mapping[str, str], partitions: dg.PartitionsDefinition[str]) -> list[str]:
    if key := tags.get(_PARTITION):
        return [key]
    first, last = (tags[tag] for tag in _RANGE)
    return list(partitions.get_partition_keys_in_range(dg.PartitionKeyRange(first, last)))


def _taken_over(
    context: dg.AssetExecutionContext, backfill_id: str, partitions: dg.PartitionsDefinition[str], done: set[str]
) -> list[dg.DagsterRun]:
    """The queued runs whose partitions are all done, once no more are put into the queue."""
    _wait_for_queue(context, backfill_id)
    return [run for run in _queued(context, backfill_id) if done.issuperset(_keys_of(run.tags, partitions))]


def _wait_for_queue(context: dg.AssetExecutionContext, backfill_id: str) -> None:
    """Wait until no more runs are put into the queue: the daemon stumbles over one that vanishes while it is being queued."""
    waiting = 0
    grown_at = time.monotonic()
    while _asked(context, backfill_id) and time.monotonic() - grown_at < LONGEST_SILENCE_S:
        if (now := len(_queued(context, backfill_id))) > waiting:
            waiting, grown_at = now, time.monotonic()
        time.sleep(_LOOK_AGAIN_S)
