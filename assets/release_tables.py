"""The tables of a release as assets: their lineage is read from the SQL, their audits are checks.

How a release is built belongs to `warehouse.release`; here is only how its tables, counts and audits appear in Dagster.
"""

import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import dropwhile

import dagster as dg

from assets.ledger_state import LEDGER, extract_key
from assets.telling import AssetEvent, CheckOutcome, tell
from schemas.extracts import all_extracts
from schemas.reference import tables
from warehouse.budget import FIGURES_SHARE, watched_tables
from warehouse.difference import SCORECARD
from warehouse.release import ReleaseOutcome, build_release
from warehouse.sql_models import Model, load_models
from warehouse.storage import Home

_REFERENCE = "reference"
_REJECTED = "rejected_"
_BUILD = "build"
_UNIQUE_KEY = "unique_key"
_WITHIN_BUDGET = "within_budget"
_ABOUT_ALL_EXTRACTS = ("quality", "meta")


def table_key(name: str) -> dg.AssetKey:
    """The asset of a table such as `core.fact_dossier`."""
    return dg.AssetKey(name.split("."))


@cache
def published_models() -> Mapping[str, Model]:
    """The models that end as tables of the warehouse, by name, in build order."""
    return {model.name: model for model in load_models() if model.is_published}


@cache
def audit_checks() -> Mapping[str, tuple[dg.AssetCheckKey, str]]:
    """For each audit, as a build names it, the check that it is and what it says.

    An audit is a check of the table it reads that is built last; the uniqueness of a key, of its own table.
    """
    checks: dict[str, tuple[dg.AssetCheckKey, str]] = {}
    for model in load_models():
        if model.kind == "audits":
            read = _upstream_tables(model)
            latest = [table for table in published_models() if table in read][-1]
            checks[model.name] = (dg.AssetCheckKey(table_key(latest), model.name.split(".")[-1]), model.purpose)
    for model in published_models().values():
        if model.key:
            said = f"Không trùng khoá — no two rows share: {', '.join(model.key)}"
            checks[f"{_UNIQUE_KEY} {model.name}"] = (dg.AssetCheckKey(table_key(model.name), _UNIQUE_KEY), said)
    return checks


@cache
def budget_checks() -> Mapping[str, tuple[dg.AssetCheckKey, str]]:
    """For each table whose changes are budgeted, the check that a build stayed within it, and what the check says."""
    said = {
        name: f"Trong hạn mức thay đổi — removed at most {budget.removed_share:.0%}, changed at most {budget.changed_share:.0%}"
        for name, budget in watched_tables().items()
    }
    said[SCORECARD] = f"Số liệu kỳ đã khoá sổ — figures of closed periods: at most {FIGURES_SHARE:.0%} moved"
    return {
        name: (dg.AssetCheckKey(table_key(name), _WITHIN_BUDGET), text)
        for name, text in said.items()
        if name in published_models()
    }


def upstream_keys(model: Model) -> list[dg.AssetKey]:
    """The assets that a table is made from; what the release only stages on the way is looked through.

    Sendings, receipts and findings are kept for all extracts together: a table that reads them reads every extract, unless
    it is a dimension, fact or mart that names the extracts it is about.
    """
    read = _upstream_tables(model)
    named = {extract for table in read if (extract := _extract_of(table))}
    is_about_named = bool(named) and model.kind not in _ABOUT_ALL_EXTRACTS
    keys = {table_key(table) for table in read if not table.startswith((f"{LEDGER}.", f"{_BUILD}."))}
    if any(table.startswith(f"{LEDGER}.") for table in read):
        keys |= {extract_key(name) for name in (named if is_about_named else all_extracts())}
    return sorted(keys)


def _extract_of(table: str) -> str | None:
    """The extract whose rows a source holds; None for tables and for what the ledger keeps of all extracts."""
    schema, name = table.split(".")
    extract = name.removeprefix(_REJECTED)
    return extract if schema == LEDGER and extract in all_extracts() else None


def _upstream_tables(model: Model) -> frozenset[str]:
    """The published tables and sources that a model reads, directly or through stages."""
    by_name = {each.name: each for each in load_models()}
    found: set[str] = set()
    for table in model.upstream:
        stage = by_name.get(table)
        found |= {table} if stage is None or stage.is_published else _upstream_tables(stage)
    return frozenset(found)


def reference_assets() -> list[dg.AssetSpec]:
    """The packaged reference tables: nothing makes them here, so they only show where figures come from."""
    return [
        dg.AssetSpec(
            dg.AssetKey([_REFERENCE, name]),
            group_name=_REFERENCE,
            description="Bảng tham chiếu đóng gói cùng mã nguồn — a reference table packaged with the code.",
            kinds={"csv"},
        )
        for name in tables.ALL
    ]


def release_asset() -> dg.AssetsDefinition:
    """All tables of a release as one asset definition: they are built, audited and published together or not at all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.PreviewWarning)

        @dg.multi_asset(
            name="release",
            specs=[_spec(model) for model in published_models().values()],
            check_specs=[
                dg.AssetCheckSpec(key.name, asset=key.asset_key, description=said)
                for key, said in (*audit_checks().values(), *budget_checks().values())
            ],
            # A build is whole whatever was selected, and tells of every table itself.
            can_subset=True,
        )
        def release(
            context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]
        ) -> Iterator[dg.MaterializeResult[None]]:
            outcome = build_release(home)
            if not outcome.is_rejected:
                tell(context, release_events(outcome))
                stop_if_unpublished(outcome)
            yield from ()

    return release


def release_events(outcome: ReleaseOutcome) -> Iterator[AssetEvent]:
    """The audits and budgets of a build and, when it was published, its tables."""
    for name, rows in outcome.audits.items():
        key, _ = audit_checks()[name]
        yield CheckOutcome(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=rows == 0,
            metadata={"rows": rows, "release_id": outcome.release_id},
        )
    if not outcome.failed_audits:
        yield from _budget_events(outcome)
    if outcome.is_published:
        yield from _table_events(outcome)


def _table_events(outcome: ReleaseOutcome) -> Iterator[dg.AssetMaterialization]:
    for name, (rows, content_hash) in outcome.tables.items():
        if name in published_models():
            yield dg.AssetMaterialization(
                asset_key=table_key(name),
                metadata={
                    "dagster/row_count": rows,
                    "content_hash": content_hash,
                    "release_id": outcome.release_id,
                },
            )
    for name, rows in outcome.history.items():
        yield dg.AssetMaterialization(
            asset_key=table_key(name), metadata={"dagster/row_count": rows, "release_id": outcome.release_id}
        )


def _budget_events(outcome: ReleaseOutcome) -> Iterator[CheckOutcome]:
    for name, (key, _) in budget_checks().items():
        over = [overrun for overrun in outcome.overruns if overrun.table == name]
        yield CheckOutcome(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=not over,
            severity=dg.AssetCheckSeverity.WARN if outcome.is_published else dg.AssetCheckSeverity.ERROR,
            metadata={"release_id": outcome.release_id}
            | {f"{overrun.what}_{count}": getattr(overrun, count) for overrun in over for count in _COUNTS},
        )


_COUNTS = ("found", "of", "allowed")


class ReleaseHeld(dg.Failure):
    """A build waits for a person; yesterday's release stays in use."""


def stop_if_unpublished(outcome: ReleaseOutcome) -> None:
    """Fail the run when audits or budgets kept a release back: yesterday's stays, and somebody must look."""
    if outcome.is_held:
        over = sorted({overrun.table for overrun in outcome.overruns})
        raise ReleaseHeld(
            description=f"Bản phát hành chờ người duyệt — the release waits for a person, over budget: {', '.join(over)}",
            metadata={"release_id": outcome.release_id, "tables": dg.MetadataValue.json(over)},
            allow_retries=False,
        )
    if not outcome.is_published:
        failed = sorted(outcome.failed_audits)
        raise dg.Failure(
            description=f"Bản phát hành bị giữ lại — the release was kept back by: {', '.join(failed)}",
            metadata={"release_id": outcome.release_id, "audits": dg.MetadataValue.json(failed)},
            allow_retries=False,
        )


def _spec(model: Model) -> dg.AssetSpec:
    return dg.AssetSpec(
        table_key(model.name),
        deps=upstream_keys(model),
        description=f"{model.purpose}\n\n{model.grain}\n\n```sql\n{_statement(model)}\n```",
        group_name=model.kind,
        kinds={"duckdb", "sql"},
        metadata={
            "clearance": str(model.clearance),
            "dagster/column_schema": dg.TableSchema(
                columns=[
                    dg.TableColumn(name, "", description=f"{note.vi} — {note.en}")
                    for name, note in model.columns.items()
                ]
            ),
        },
    )


def _statement(model: Model) -> str:
    """The SELECT without the header, which the page shows in its own way."""
    lines = model.sql.splitlines()
    return "\n".join(dropwhile(lambda line: line.startswith("--"), lines))
