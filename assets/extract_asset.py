"""Extracts as assets: one call makes the asset of a contract, with its partitions and the check on each of them.

Materialising partitions takes in and judges what has landed for them, then tells what the ledger holds. The nightly job
does the same for all extracts at once and logs the same events.
"""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import dagster as dg

from assets.gathering import gathered
from assets.ledger_state import (
    FILES_ACCEPTED,
    LedgerState,
    checks,
    extract_key,
    materialisations,
    stop_if_judging_died,
)
from assets.partitions import partitions_of, slot_of_key
from assets.telling import tell
from assets.told import remember, tell_taken_back
from schemas.contract import Extract
from warehouse.attempts import Unjudged
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.locking import writing
from warehouse.storage import Home

LONGEST_WAIT_S = 3600.0
"""How long a run waits for another one that is writing to the same home."""


def extract_asset(extract: Extract) -> dg.AssetsDefinition:
    """The asset of a contract: its accepted rows in the ledger."""
    partitions = partitions_of(extract)
    key = extract_key(extract.name)
    with warnings.catch_warnings():
        # Both are marked as beta or preview, and both are what lets a backfill be one run with a check per partition.
        warnings.simplefilter("ignore", dg.BetaWarning)
        warnings.simplefilter("ignore", dg.PreviewWarning)

        @dg.multi_asset(
            name=f"ledger__{extract.name}",
            specs=[_spec(extract, key)],
            partitions_def=partitions,
            backfill_policy=dg.BackfillPolicy.single_run(),
            check_specs=[
                dg.AssetCheckSpec(
                    FILES_ACCEPTED,
                    asset=key,
                    partitions_def=partitions,
                    description="Tệp mới nhất của kỳ được chấp nhận — the newest file of the period was accepted.",
                )
            ],
            # Outputs are then optional: a partition for which no file arrived must stay unmaterialised.
            can_subset=True,
        )
        def take_in(
            context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]
        ) -> Iterator[dg.MaterializeResult[None]]:
            with gathered(context, partitions) as work:
                slots = [slot_of_key(extract, key) for key in work.keys]
                judged = judge_periods(home, extract, {slot.period for slot in slots})
                state = LedgerState(home)
                work.wait_for_queue()
                tell(context, materialisations(extract, state, slots, judged.seconds))
            tell(context, checks(extract, state, slots))
            remember(home, extract, state, slots)
            tell_taken_back(context, home, extract, state, slots)
            stop_if_judging_died(judged.deaths)
            # Everything was logged partition by partition; a result would speak for the whole range at once.
            yield from ()

    return take_in


@dataclass
class Judged:
    """How long each delivery took, in seconds, by its id; and of which judging died."""

    seconds: dict[str, float] = field(default_factory=dict)
    deaths: list[Unjudged] = field(default_factory=list)


def judge_periods(
    home: Home, extract: Extract, periods: set[str], *, before: Callable[[], None] | None = None
) -> Judged:
    """Take in and judge what has landed for some periods, `before` first, all while nobody else writes."""
    judged = Judged()
    with writing(home, wait_s=LONGEST_WAIT_S):
        if before:
            before()
        record_sendings(home, extract=extract.name, periods=periods)
        judge_pending(
            home,
            extract=extract.name,
            periods=periods,
            on_receipt=lambda receipt, took: judged.seconds.update({receipt.delivery_id: took}),
            on_death=judged.deaths.append,
        )
    return judged


def _spec(extract: Extract, key: dg.AssetKey) -> dg.AssetSpec:
    return dg.AssetSpec(
        key,
        description=f"{extract.vi} — {extract.en}.\n\n{extract.purpose_vi}",
        group_name=extract.department,
        kinds={"parquet"},
        metadata={
            "suppliers": ", ".join(extract.suppliers),
            "cadence": extract.cadence.value,
            "legal_ground": extract.legal_ground,
            "dagster/column_schema": dg.TableSchema(
                columns=[
                    dg.TableColumn(name, str(dtype), description=_titles(extract).get(name))
                    for name, dtype in extract.kept.items()
                ]
            ),
        },
    )


def _titles(extract: Extract) -> dict[str, str]:
    declared = {column.token or column.name: f"{column.vi} — {column.en}" for column in extract.columns}
    return declared | {column.name: f"{column.vi} — {column.en}" for column in extract.derived}
