"""Telling Dagster what happened, event by event, to a partition or a table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

# Exported by Dagster is the event, not the pointer in it; without the pointer the UI takes a partition's check for outdated.
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationTargetMaterializationData

Context = dg.OpExecutionContext | dg.AssetExecutionContext
_Target = AssetCheckEvaluationTargetMaterializationData
_At = tuple[dg.AssetKey, str | None]


@dataclass(frozen=True)
class CheckOutcome:
    """How a check came out, on one partition or on a whole table."""

    asset_key: dg.AssetKey
    check_name: str
    passed: bool
    description: str | None = None
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
    partition: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


AssetEvent = dg.AssetMaterialization | CheckOutcome


def tell(context: Context, events: Iterable[AssetEvent]) -> None:
    """Log materialisations, then outcomes of checks, each for its own partition.

    Results of a step would speak for all of its partitions at once.
    """
    outcomes: list[CheckOutcome] = []
    with _kept_open(context):
        for event in events:
            if isinstance(event, CheckOutcome):
                outcomes.append(event)
            else:
                context.log_event(event)
        targets = _latest_materialisations(context.instance, outcomes)
        for outcome in outcomes:
            evaluation = _evaluation(outcome, targets.get((outcome.asset_key, outcome.partition)))
            context.log_event(evaluation)  # type: ignore[arg-type]  # taken too; the annotation leaves checks out


@contextmanager
def _kept_open(context: Context) -> Iterator[None]:
    """Hold the SQLite files of the history open while many events are written.

    Dagster opens and closes them for each event, and closing the last connection writes everything through to the disk:
    880 events took 9 to 27 s so, and take 5.5 s while somebody else has the files open. Other storages need no help.
    """
    path_of = getattr(context.instance.event_log_storage, "path_for_shard", None)
    files = [path_of(shard) for shard in ("index", context.run.run_id)] if callable(path_of) else []
    with ExitStack() as held:
        for path in files:
            file = sqlite3.connect(path)
            held.callback(file.close)
            # Only a connection that has read takes part in the write-ahead log.
            file.execute("SELECT count(*) FROM sqlite_master").fetchall()
        yield


def _evaluation(outcome: CheckOutcome, target: _Target | None) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=outcome.asset_key,
        check_name=outcome.check_name,
        passed=outcome.passed,
        metadata=outcome.metadata,
        target_materialization_data=target,
        severity=outcome.severity,
        description=outcome.description,
        partition=outcome.partition,
    )


def _latest_materialisations(instance: dg.DagsterInstance, outcomes: Iterable[CheckOutcome]) -> dict[_At, _Target]:
    """The materialisation that each partition's check is about: its latest, logged just before."""
    partitions: dict[dg.AssetKey, list[str]] = {}
    for outcome in outcomes:
        if outcome.partition is not None:
            partitions.setdefault(outcome.asset_key, []).append(outcome.partition)
    found: dict[_At, _Target] = {}
    for key, names in partitions.items():
        wanted = dg.AssetRecordsFilter(asset_key=key, asset_partitions=names)
        for record in instance.fetch_materializations(wanted, limit=len(names)).records:
            target = _Target(storage_id=record.storage_id, run_id=record.run_id, timestamp=record.timestamp)
            found.setdefault((key, record.partition_key), target)
    return found
