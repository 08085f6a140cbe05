"""Everything Dagster knows about: found in the packages, so that a new extract's asset needs no entry here."""

from __future__ import annotations

import dagster as dg

import assets
from assets.release_tables import reference_assets, release_asset
from assets.report_pages import report_assets
from pipelines.by_hand import release_in_place, retry
from pipelines.nightly import intake, nightly
from pipelines.resources import RESOURCES
from pipelines.schedules import alert_on_failure, landing_sensor, nightly_schedule


def definitions() -> dg.Definitions:
    """The extracts' assets found below `assets`, the tables and reports made from them, and what runs them."""
    return dg.Definitions(
        assets=[
            *dg.load_assets_from_package_module(assets),
            release_asset(),
            *reference_assets(),
            *report_assets(),
        ],
        jobs=[nightly, intake, retry, release_in_place],
        schedules=[nightly_schedule],
        sensors=[landing_sensor, alert_on_failure],
        resources=RESOURCES,
        executor=dg.in_process_executor,
    )


defs = definitions()
