"""Pulling as part of the nightly: every source is asked, Dagster is shown what came of it, and people are told of failures.

A source that fails stops neither the others nor the run. Reasons are told to the log and the console, never to an alert.
"""

import os
from collections.abc import Collection
from typing import Any

import dagster as dg

from pipelines import alerts
from pipelines.watcher import Watcher
from warehouse.pulls.pulling import Note, failed, pull_all
from warehouse.pulls.sources import SourcesInvalid, read_sources
from warehouse.storage import Home

_JOB = "pull"


def source_key(name: str) -> dg.AssetKey:
    """The asset that stands for a source in the UI."""
    return dg.AssetKey(["pulls", name])


def fetch_from_sources(
    context: dg.OpExecutionContext, home: Home, watcher: Watcher, *, extract: str | None, period: str | None
) -> None:
    """Ask every source, or those of an extract; what came of it is an event of the source's own asset."""
    try:
        if not read_sources(home):
            return
        watcher.began("pulls")
        noted = pull_all(home, extract=extract, period=period, on_note=watcher.pulled)
    except SourcesInvalid as invalid:
        context.log.error(str(invalid))
        _tell(context, ["pulls.toml"], ["SourcesInvalid"])
        return
    for note in noted:
        _show(context, note)
    if not_well := failed(noted):
        _tell(context, [note.source for note in not_well], [note.code or "" for note in not_well])


def _show(context: dg.OpExecutionContext, note: Note) -> None:
    if not note.is_well:
        context.log.error(f"{note.source} {note.period}: {note.code}: {note.reason_vi} / {note.reason_en}")
        return
    metadata: dict[str, Any] = {
        "outcome": note.outcome,
        "period": note.period,
        "rows": note.rows or 0,
        "pages": note.pages or 0,
    }
    context.log_event(dg.AssetMaterialization(source_key(note.source), metadata=metadata))


def _tell(context: dg.OpExecutionContext, sources: Collection[str], codes: Collection[str]) -> None:
    alert = alerts.Alert(context.run_id, _JOB, tuple(sorted(set(sources))), tuple(sorted(set(codes))))
    try:
        alerts.send(alert, os.environ)
    except (OSError, ValueError) as error:
        context.log.error(f"could not tell anyone: {type(error).__name__}")
