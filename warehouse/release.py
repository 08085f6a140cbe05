"""Builds a release: the whole warehouse as a pure function of the ledger, audited, hashed, cut into editions, published.

The SQL that says what a table holds belongs in `sql/`; files and pointers in `publishing`; what counts in `ledger`.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
from sqlglot import exp

from warehouse import decisions, duck, editions, keys, publications, publishing
from warehouse.budget import Overrun, overruns
from warehouse.decisions import Verdict
from warehouse.difference import Difference, compare
from warehouse.formats import RELEASE_FORMAT
from warehouse.hashing import table_hash
from warehouse.ledger_slice import LedgerSlice, slice_of_release, sources, take_slice
from warehouse.macros import create_macros, load_macros
from warehouse.publishing import (
    NoSuchReleaseError,
    PublishedRelease,
    find_release,
    list_releases,
    require_release,
    rollback,
)
from warehouse.slices import Base, SlicedBuild, find_base, seal
from warehouse.sql_models import SOURCE_SCHEMAS, Clearance, Model, ModelError, load_explanations, load_models
from warehouse.storage import Home

__all__ = [
    "CurrentReleaseError",
    "NoSuchReleaseError",
    "PublishedRelease",
    "ReleaseOutcome",
    "Verification",
    "approve",
    "build_release",
    "difference_between",
    "find_release",
    "list_releases",
    "outcome_of_current",
    "reject",
    "rollback",
    "verify",
]

OnStep = Callable[[str, int, float], None]
"""Called after each step with its name, its rows and the seconds it took."""

Contents = dict[str, tuple[int, str]]
"""Tables by name, each with its rows and content hash."""

_Result = TypeVar("_Result")
_SCRATCH = "memory"
_EXAMPLES = 20
_FULL = Clearance.RESTRICTED.value


class CurrentReleaseError(Exception):
    """The release in place cannot be rejected; the pointer has to move first."""


@dataclass(frozen=True)
class ReleaseOutcome:
    """What a build came to: `tables` maps names to (rows, content hash), `audits` to the rows that should not be there,
    `history` to the rows of the tables that tell of publications.

    Not new means that exactly this was built before: it is the current release, or still held, or was rejected. Not
    published that an audit found rows, that it went over a budget and waits for a person (`is_held`), or that a person
    rejected it.
    """

    release_id: str
    is_new: bool
    is_published: bool
    tables: Mapping[str, tuple[int, str]]
    audits: Mapping[str, int]
    overruns: tuple[Overrun, ...] = ()
    is_rejected: bool = False
    history: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_held(self) -> bool:
        """Whether it waits for a person."""
        return not self.is_published and not self.is_rejected and bool(self.overruns)

    @property
    def failed_audits(self) -> Mapping[str, int]:
        """The audits that found rows."""
        return {name: rows for name, rows in self.audits.items() if rows}


@dataclass(frozen=True)
class Verification:
    """A release rebuilt from the ledger: `differences` maps a table to what was published and what came out now."""

    release_id: str
    tables: int
    differences: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        """Whether the ledger gives the published content again."""
        return not self.differences


def build_release(home: Home, *, until: datetime | None = None, on_step: OnStep | None = None) -> ReleaseOutcome:
    """Build, audit and publish what the ledger holds of sendings received by `until` (default: everything).

    The id is a function of the content's inputs; a release that exists already is pointed to, not built again. One that
    changes more of the current one than its budgets allow is held until a person approves it, one that a person rejected
    is neither built nor pointed to.
    """
    with publishing.sole_builder(home):
        ledger = take_slice(home, until=until)
        release_id = id_of(ledger)
        approved = decisions.is_approved(home, release_id)
        if approved is not False and (published := _published(home, release_id)) is not None:
            is_new = release_id != publishing.current_id(home)
            # Also when it is current: a run killed between the link and its text leaves the text behind.
            publishing.point_to(home, release_id)
            return _outcome(published.record, is_new=is_new, is_published=True)
        return _decided(home, release_id, approved) or _build_and_publish(
            home, ledger, release_id, on_step or _say_nothing, is_approved=approved is True
        )


def approve(home: Home, release_id: str, *, by: str, reason: str) -> PublishedRelease | None:
    """Let a held release be published, by a named person, and do so; None for one that the next run has to build again.

    Raises NoSuchReleaseError for one that was never built here.
    """
    with publishing.sole_builder(home):
        _require_known(home, release_id)
        decisions.decide(home, release_id, Verdict.APPROVED, by=by, reason=reason)
        held = publishing.held_build(home)
        if held is not None and held.release_id == release_id:
            publishing.publish(home, held.folder, release_id)
            return find_release(home, release_id)
        if _published(home, release_id) is not None and not publishing.was_in_place(home, release_id):
            # Approved before, by a run that was killed between putting it into its place and moving the pointer.
            publishing.point_to(home, release_id)
            return find_release(home, release_id)
        return None


def outcome_of_current(home: Home) -> ReleaseOutcome | None:
    """What the build of the current release came to; None when nothing was published yet."""
    current = find_release(home)
    if current is None:
        return None
    outcome = _outcome(current.record, is_new=True, is_published=True)
    return replace(outcome, overruns=_overruns_of(home, current.release_id))


def reject(home: Home, release_id: str, *, by: str, reason: str) -> None:
    """Turn a release down for good: it is not built again from the same inputs, and is pointed to no more.

    Raises NoSuchReleaseError for one that was never built here, CurrentReleaseError for the one in place.
    """
    with publishing.sole_builder(home):
        _require_known(home, release_id)
        if release_id == publishing.current_id(home):
            raise CurrentReleaseError(release_id)
        decisions.decide(home, release_id, Verdict.REJECTED, by=by, reason=reason)
        held = publishing.held_build(home)
        if held is not None and held.release_id == release_id:
            publishing.drop_held(home)


def difference_between(home: Home, older: str | None = None, newer: str | None = None) -> Difference | None:
    """What differs between two releases; `newer` is by default the held one, else the current one.

    Without `older`, what that one changed of the release before it, as it was written down when it was built; None when it
    was the first. Raises NoSuchReleaseError for one that is not there any more.
    """
    held = publishing.held_build(home)
    if older is None:
        standing = held or find_release(home)
        stored = publishing.stored_difference(home, standing.release_id) if standing else None
        return Difference.from_json(stored) if stored else None
    before = _found_or_held(home, older, held)
    after = held if held and newer is None else _found_or_held(home, newer, held)
    return compare(home, before, after)


def _found_or_held(home: Home, release_id: str | None, held: PublishedRelease | None) -> PublishedRelease:
    if held and release_id == held.release_id:
        return held
    return require_release(home, release_id)


def _require_known(home: Home, release_id: str) -> None:
    if publishing.kept_record(home, release_id) is None:
        require_release(home, release_id)


def verify(home: Home, release_id: str | None = None, *, on_step: OnStep | None = None) -> Verification:
    """Rebuild a release (by default the current one) from the ledger alone and compare every table's content.

    The published file itself is read again too, so that a changed file is found as well as a changed ledger. Raises
    NoSuchReleaseError when there is nothing to verify.
    """
    release = require_release(home, release_id)
    said = {name: table["hash"] for name, table in release.record["tables"].items()}
    with rebuilt(home, release.record, on_step=on_step) as (_, contents):
        pass
    with _opened(home, release) as con:
        stored = _hashes(con, [model for model in load_models() if model.name in said])
    differences = {
        name: (said.get(name, "absent"), found)
        for name, found in _pairs(said, contents, stored)
        if found != said.get(name, "absent")
    }
    return Verification(release.release_id, len(said), differences)


@contextmanager
def rebuilt(
    home: Home, record: Mapping[str, Any], *, on_step: OnStep | None = None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Contents]]:
    """A release built again from the ledger as its record says, for as long as the block lasts: to be asked, with its contents.

    The judgements are those it was made from, whatever rules this code judges by.
    """
    ledger = slice_of_release(home, record)
    built_at = datetime.fromisoformat(record["built_at"])
    with TemporaryDirectory(dir=home.scratch, prefix="verify-") as scratch:
        file = Path(scratch) / "rebuilt.duckdb"
        with _building(
            home,
            ledger,
            file,
            record["release_id"],
            on_step or _say_nothing,
            keys.encryption_key(),
            published_until=built_at,
        ) as (con, contents, _):
            yield con, contents


def _pairs(said: Mapping[str, str], *found: Contents) -> Iterator[tuple[str, str]]:
    for tables in found:
        for name in sorted(said.keys() | tables.keys()):
            yield name, tables[name][1] if name in tables else "absent"


def _say_nothing(_step: str, _rows: int, _seconds: float) -> None:
    return


def _local(folder: object) -> Path:
    path = Path(str(folder))
    path.mkdir(parents=True, exist_ok=True)
    return path


def id_of(ledger: LedgerSlice) -> str:
    """16 hex characters over everything the content depends on: sendings, judgements, rules, references and SQL."""
    texts = [f"{model.name}\x1f{model.sql}" for model in load_models()] + list(load_explanations().values())
    texts += [macro.sql for macro in load_macros()]
    return hashlib.sha256("\x1e".join([ledger.identity, *texts]).encode()).hexdigest()[:16]


def _published(home: Home, release_id: str) -> PublishedRelease | None:
    try:
        return find_release(home, release_id)
    except NoSuchReleaseError:
        return None


def _outcome(record: Mapping[str, Any], *, is_new: bool, is_published: bool) -> ReleaseOutcome:
    tables = {name: (int(table["rows"]), str(table["hash"])) for name, table in record["tables"].items()}
    return ReleaseOutcome(
        record["release_id"],
        is_new,
        is_published,
        tables,
        dict(record["audits"]),
        history=dict(record.get("history", {})),
    )


def _decided(home: Home, release_id: str, approved: bool | None) -> ReleaseOutcome | None:
    """The outcome of a build that need not be made: it was rejected, or still waits."""
    held = publishing.held_build(home)
    is_held = held is not None and held.release_id == release_id
    record = publishing.kept_record(home, release_id)
    if record is None or not (approved is False or is_held):
        return None
    over = _overruns_of(home, release_id)
    if approved is False:
        return replace(_outcome(record, is_new=False, is_published=False), overruns=over, is_rejected=True)
    if approved:
        return None
    return replace(_outcome(record, is_new=False, is_published=False), overruns=over)


def _overruns_of(home: Home, release_id: str) -> tuple[Overrun, ...]:
    stored = publishing.stored_difference(home, release_id)
    return overruns(Difference.from_json(stored)) if stored else ()


def _build_and_publish(
    home: Home, ledger: LedgerSlice, release_id: str, on_step: OnStep, *, is_approved: bool
) -> ReleaseOutcome:
    publishing.record_publications(home)
    with publishing.building_in(home, release_id) as folder:
        record, changed = _built_in(folder, home, ledger, release_id, on_step, base=find_base(home))
        outcome = _outcome(record, is_new=True, is_published=not any(record["audits"].values()))
        if not outcome.is_published:
            publishing.set_aside(home, folder, release_id)
            return outcome
        over = _timed(on_step, "difference", lambda: _compare_with_current(home, folder, record, changed))
        if over and not is_approved:
            publishing.hold(home, folder, release_id)
            return replace(outcome, is_published=False, overruns=over)
        publishing.publish(home, folder, release_id)
    publishing.drop_held(home)
    return replace(outcome, overruns=over)


def build_into(
    folder: Path,
    home: Home,
    ledger: LedgerSlice,
    release_id: str,
    on_step: OnStep,
    *,
    published_until: datetime | None = None,
) -> Mapping[str, Any]:
    """Build and audit a release in a folder, with its editions unless an audit failed; returns what its record says.

    It is taken for the next publication, unless `published_until` says from which moment on publications are left out.
    Everything comes from the ledger, nothing from an earlier build.
    """
    return _built_in(folder, home, ledger, release_id, on_step, published_until=published_until, is_kept=False)[0]


def _built_in(
    folder: Path,
    home: Home,
    ledger: LedgerSlice,
    release_id: str,
    on_step: OnStep,
    *,
    base: Base | None = None,
    published_until: datetime | None = None,
    is_kept: bool = True,
) -> tuple[Mapping[str, Any], Mapping[str, exp.Expression | pl.DataFrame]]:
    """The record of a release built in a folder, and per table the rows that may differ from the base, where known.

    What the next build may take over is kept, if wanted and the audits found nothing.
    """
    models = load_models()
    full_file = folder / publishing.RESTRICTED_FILE
    kept = None
    with _building(
        home, ledger, full_file, release_id, on_step, keys.encryption_key(), base=base, published_until=published_until
    ) as (con, contents, build):
        audits = _timed(on_step, "audits", lambda: _run_audits(con, models, build))
        if any(audits.values()):
            _keep_examples(con, models, audits, folder / publishing.AUDITS_FILE, build)
        else:
            _timed(on_step, "analyst edition", lambda: _cut_for_analysts(con, models, folder, build, contents))
            kept = build.keep(home, release_id) if is_kept else None
        record = _record(con, ledger, release_id, contents, audits)
        changed = build.changed()
    full_file.chmod(editions.RESTRICTED_FILE)
    _write_json(folder / publishing.RECORD_FILE, record)
    if kept is not None:
        _timed(on_step, "slices kept", lambda: seal(home, kept, release_id, sorted(folder.glob("*.duckdb"))))
    return record, changed


def _cut_for_analysts(
    con: duckdb.DuckDBPyConnection, models: Iterable[Model], folder: Path, build: SlicedBuild, contents: Contents
) -> None:
    file = folder / publishing.ANALYST_FILE
    editions.cut_edition(con, models, file, source=_FULL, clearance=Clearance.ANALYST, build=build, contents=contents)


def _compare_with_current(
    home: Home, folder: Path, record: Mapping[str, Any], changed: Mapping[str, exp.Expression | pl.DataFrame]
) -> tuple[Overrun, ...]:
    """Write down what a finished build changes of the current release, if there is one; the budgets that it goes over."""
    current = find_release(home)
    if current is None:
        return ()
    built = PublishedRelease(record["release_id"], folder, record, is_current=False)
    difference = compare(home, current, built, changed)
    _write_json(folder / publishing.DIFFERENCE_FILE, difference.to_json())
    return overruns(difference)


def _timed(on_step: OnStep, name: str, work: Callable[[], _Result]) -> _Result:
    started = time.perf_counter()
    result = work()
    on_step(name, len(result) if isinstance(result, Mapping) else 0, time.perf_counter() - started)
    return result


@contextmanager
def _building(
    home: Home,
    ledger: LedgerSlice,
    file: Path,
    release_id: str,
    on_step: OnStep,
    encryption_key: bytes | None = None,
    *,
    base: Base | None = None,
    published_until: datetime | None = None,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Contents, SlicedBuild]]:
    """Run every model into a new database file, the catalog `restricted`; gives its contents, closes it at the end.

    With a base, slices of the same inputs are taken over from it.
    """
    models = load_models()
    tables = [model for model in models if model.kind not in {"meta", "history", "audits"}]
    dictionary = [model for model in models if model.kind == "meta"]
    history = [model for model in models if model.is_history]
    with _scratch_connection(home) as con:
        sliced = {model.name for model in tables if model.slicing}
        key = encryption_key.hex() if encryption_key else None
        standing = editions.open_file(con, file, _FULL, base, sliced.__contains__, encryption_key=key)
        with sources(con, ledger, _SCRATCH) as opened:
            _open_schemas(con, models)
            used = base if standing else None
            build = SlicedBuild(con, ledger, models, used, opened, published=_FULL, scratch=_SCRATCH)
            _make_tables(con, tables, on_step, build)
            contents = _timed(on_step, "content hashes", lambda: _hashes(con, tables, build))
            built_at = _moment_after_all(home)
            _load_build(con, release_id, models, contents, built_at)
            _load_history(con, home, ledger, release_id, built_at, published_until)
            _make_tables(con, dictionary + history, on_step, build)
            create_macros(con, _FULL)
            yield con, contents | _hashes(con, dictionary, build), build
        con.execute("USE memory")
        duck.detach(con, _FULL)


@contextmanager
def _scratch_connection(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with TemporaryDirectory(dir=home.scratch, prefix="spill-") as spill:
        con = duck.connect(spill_into=Path(spill))
        try:
            yield con
        finally:
            con.close()


def _open_schemas(con: duckdb.DuckDBPyConnection, models: Iterable[Model]) -> None:
    """Make the schemas and let `schema.table` find them: published ones in the file, the others in memory."""
    catalogs = dict.fromkeys(sorted(SOURCE_SCHEMAS), _SCRATCH)
    catalogs |= {model.name.split(".")[0]: _FULL if model.is_published else _SCRATCH for model in models}
    for schema, catalog in catalogs.items():
        duck.create_schema(con, catalog, schema)
    con.execute("SET search_path = ?", [",".join(f"{catalog}.{schema}" for schema, catalog in catalogs.items())])


def _make_tables(con: duckdb.DuckDBPyConnection, models: Iterable[Model], on_step: OnStep, build: SlicedBuild) -> None:
    for model in models:
        started = time.perf_counter()
        group = build.group(model)
        if group is not None and group.catalog is not None:
            build.make_part(model, group)
            catalog = _FULL if model.is_published else group.catalog
        else:
            _make_whole(con, model)
            catalog = _FULL if model.is_published else _SCRATCH
        on_step(model.name, _rows_of(con.table(f"{catalog}.{model.name}")), time.perf_counter() - started)


def _make_whole(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    # Created where its schema is: the search path names one catalog for each.
    with duck.transaction(con):
        con.sql(model.sql).create(model.name)
        if model.is_published:
            _require_documented(model, con.table(f"{_FULL}.{model.name}").columns)
            editions.comment(con, _FULL, model, model.columns)


def _require_documented(model: Model, columns: list[str]) -> None:
    if list(model.columns) != columns:
        raise ModelError(
            f"{model.name} gives the columns {columns} but documents {list(model.columns)}: same names, same order"
        )


def _moment_after_all(home: Home) -> datetime:
    """Now, or just after the newest release where the clock has gone back: releases stand in the order of their building."""
    newest = max((release.built_at for release in list_releases(home)), default=None)
    now = datetime.now(ZoneInfo(duck.TIME_ZONE))
    return now if newest is None or newest < now else newest + timedelta(microseconds=1)


def _load_build(
    con: duckdb.DuckDBPyConnection, release_id: str, models: Iterable[Model], contents: Contents, built_at: datetime
) -> None:
    """Fill the schema `build`: this build, its models and what they came to, for the dictionary inside the release."""
    published = [model for model in models if model.is_published]
    frames = {
        "run": [{"release_id": release_id, "built_at": built_at}],
        "model": [_model_row(model) for model in published],
        "model_column": [row for model in published for row in _column_rows(model)],
        "column_type": [
            {"table_name": name, "column_name": column, "data_type": str(dtype)}
            for name in contents
            for table in [con.table(f"{_FULL}.{name}")]
            for column, dtype in zip(table.columns, table.types, strict=True)
        ],
        "content": [
            {"table_name": name, "rows": rows, "content_hash": digest} for name, (rows, digest) in contents.items()
        ],
        "kpi_sql": [{"kpi_code": code, "sql": sql} for code, sql in load_explanations().items()],
    }
    for name, rows in frames.items():
        con.from_arrow(pl.DataFrame(rows).to_arrow()).create(f"{_SCRATCH}.build.{name}")


def _load_history(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    ledger: LedgerSlice,
    release_id: str,
    built_at: datetime,
    published_until: datetime | None,
) -> None:
    """Fill the schema `build` with what was published before, and with this build as the next publication if it is one."""
    if published_until is not None:
        publications.load(con, home, until=published_until)
        return
    before = publications.recorded(home)
    said_before = publishing.kept_record(home, before[-1].release_id) if before else None
    own = publications.next_publication(home, release_id, built_at, _inputs(ledger), said_before)
    publications.load(con, home, own=own)


def _model_row(model: Model) -> dict[str, Any]:
    return {
        "table_name": model.name,
        "kind": model.kind,
        "grain": model.grain,
        "purpose": model.purpose,
        "clearance": model.clearance.value,
        "key": ", ".join(model.key),
        "upstream": ", ".join(sorted(model.upstream)),
        "sql": model.sql,
    }


def _column_rows(model: Model) -> list[dict[str, Any]]:
    return [
        {
            "table_name": model.name,
            "column_name": name,
            "position": position,
            "title_vi": note.vi,
            "title_en": note.en,
            "clearance": max(model.clearance, note.clearance, key=list(Clearance).index).value,
        }
        for position, (name, note) in enumerate(model.columns.items(), start=1)
    ]


def _hashes(con: duckdb.DuckDBPyConnection, models: Iterable[Model], build: SlicedBuild | None = None) -> Contents:
    return {model.name: _content(con, model, build) for model in models if model.is_published}


def _content(con: duckdb.DuckDBPyConnection, model: Model, build: SlicedBuild | None) -> tuple[int, str]:
    if build is not None and (group := build.group(model)) is not None:
        return build.content(model, group)
    return table_hash(con, f"{_FULL}.{model.name}", model.columns)


def _run_audits(con: duckdb.DuckDBPyConnection, models: Iterable[Model], build: SlicedBuild) -> dict[str, int]:
    """Rows found by each audit, and by the check of each documented key. Slices taken over were audited before."""
    found = {}
    for model in models:
        group = build.group(model)
        if model.kind == "audits":
            with build.seeing(group):
                found[model.name] = _rows_of(con.sql(model.sql))
        elif model.is_published and model.key:
            catalog = (group and group.catalog) or _FULL
            found[f"unique_key {model.name}"] = _repeated_keys(con, f"{catalog}.{model.name}", model.key)
    return found


def _keep_examples(
    con: duckdb.DuckDBPyConnection,
    models: Iterable[Model],
    audits: Mapping[str, int],
    file: Path,
    build: SlicedBuild,
) -> None:
    """Write down the first rows that failed audits found, for whoever has to look; audits select keys and counts only."""
    said = {}
    for model in models:
        if audits.get(model.name):
            with build.seeing(build.group(model)):
                examples = con.sql(model.sql).limit(_EXAMPLES).pl().to_dicts()
            said[model.name] = {
                "rows": audits[model.name],
                "grain": model.grain,
                "purpose": model.purpose,
                "examples": examples,
            }
    file.write_text(json.dumps(said, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    file.chmod(editions.RESTRICTED_FILE)


def _rows_of(relation: duckdb.DuckDBPyRelation) -> int:
    row = relation.aggregate("count(*)").fetchone()
    return int(row[0]) if row else 0


def _repeated_keys(con: duckdb.DuckDBPyConnection, table: str, key: Iterable[str]) -> int:
    columns = list(map(duckdb.ColumnExpression, key))
    counted = con.table(table).aggregate([*columns, _COUNT])
    return _rows_of(counted.filter(duckdb.ColumnExpression("rows_with_key") > duckdb.ConstantExpression(1)))


_COUNT = duckdb.FunctionExpression("count_star").alias("rows_with_key")


def _record(
    con: duckdb.DuckDBPyConnection,
    ledger: LedgerSlice,
    release_id: str,
    contents: Contents,
    audits: Mapping[str, int],
) -> dict[str, Any]:
    """What `release.json` says: enough to rebuild the release and to know what it is made of."""
    built_at = con.sql("SELECT built_at FROM build.run").fetchall()[0][0]
    return {
        "format": RELEASE_FORMAT,
        "release_id": release_id,
        "built_at": built_at.isoformat(),
        "until": ledger.until.isoformat() if ledger.until else None,
        "rule_set_id": ledger.rule_set_id,
        "inputs_sha256": ledger.identity,
        "is_simulated": ledger.is_simulated,
        "token_key_ids": sorted({receipt.key_id for receipt in ledger.receipts.values()}),
        "versions": {"project": _project_version(), "duckdb": duckdb.__version__},
        "tables": {name: {"rows": rows, "hash": digest} for name, (rows, digest) in contents.items()},
        "history": {
            model.name: _rows_of(con.table(f"{_FULL}.{model.name}")) for model in load_models() if model.is_history
        },
        "audits": dict(audits),
        **_inputs(ledger),
    }


def _inputs(ledger: LedgerSlice) -> dict[str, Any]:
    """What a release is made of and speaks about, as its record says it."""
    judgements = sorted((receipt.delivery_id, receipt.rule_set_id) for receipt in ledger.receipts.values())
    return {
        "as_of": ledger.as_of.isoformat() if ledger.as_of else None,
        "judgements": [{"delivery_id": delivery, "rule_set_id": rules} for delivery, rules in judgements],
        "sendings": ledger.sendings.select("sending_id", "status").sort("sending_id").to_dicts(),
        "unjudged": ledger.unjudged.to_dicts(),
    }


def _project_version() -> str:
    try:
        return version("thaibinh-warehouse")
    except PackageNotFoundError:
        return "uninstalled"


def _write_json(file: Path, record: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    file.chmod(editions.READ_ONLY_FILE)


@contextmanager
def _opened(home: Home, release: PublishedRelease) -> Iterator[duckdb.DuckDBPyConnection]:
    key = keys.encryption_key()
    with _scratch_connection(home) as con:
        file = release.folder / publishing.RESTRICTED_FILE
        duck.attach(con, file, _FULL, read_only=True, encryption_key=key.hex() if key else None)
        yield con
