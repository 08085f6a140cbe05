"""What a build takes over from the release in place: slices of tables whose inputs are the same as they were then.

A slice is the part of some tables that depends on nothing but the same part of what they read: dossiers by the month in
their code, what tells of deliveries by the month of their period, figures by their period. Its key is a digest of all its
inputs. What is kept here is never the authority: whatever is absent, of other inputs or not what it was written as is built
anew. What a table holds belongs in `sql/`, how a release is built from its models in `release`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache, reduce
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from duckdb import ColumnExpression, ConstantExpression, FunctionExpression
from sqlglot import exp

from schemas.extracts import all_extracts
from warehouse import duck
from warehouse.hashing import NO_ROWS, OUTSIDE_CONTENT, Digest, digests_by, table_hash
from warehouse.ledger import Receipt
from warehouse.ledger_slice import (
    DOSSIERS,
    REGISTERED_MONTH,
    LedgerSlice,
    as_sent,
    load_accepted_rows,
    load_deliveries,
    load_dossiers,
)
from warehouse.macros import load_macros
from warehouse.publishing import PublishedRelease, current_id, find_release
from warehouse.sql_models import Model
from warehouse.storage import PRIVATE, Home

FORMAT = 3
"""Raised when slices are cut, read or keyed in another way than before."""
BUILDS_UNTIL_WHOLE = 7
"""Rows replaced night after night leave holes in a file: after a week it is written anew, from the ledger alone."""
LEAST_SHARE_KEPT = 0.5
"""Of the rows of a group: below it, replacing rows takes longer than writing the table."""
_MANIFEST = "slices.json"
_BUILDING = ".building-"
_CHUNK_BYTES = 1 << 20
_OF_DELIVERIES = frozenset(f"ledger.{name}" for name in ("sending", "receipt", "finding", "change", "quarantined_row"))
_ACCEPTED_ROWS = "ledger.accepted_row"
_FINDINGS = "stage.release_finding"
_DOSSIERS = "core.fact_dossier"
_COHORTS = "mart.dossier_cohort"
_PERIODS = "core.dim_period"
_UNITS = "mart.unit_period"
_LASTING: Mapping[str, tuple[str, str]] = {
    _COHORTS: ("received_month", "closed_month"),
    _DOSSIERS: ("received_on", "closed_on"),
}
"""What lasts from one column to the other: a period reads the rows that had begun by its end and not ended before it."""
_CUT: Mapping[str, frozenset[str]] = {
    "dossier": frozenset(f"ledger.{prefix}{DOSSIERS}" for prefix in ("", "superseded_", "rejected_")),
    "cohort": frozenset({_DOSSIERS}),
    "dossier_period": frozenset({*_LASTING, _PERIODS, _UNITS}),
    "delivery": _OF_DELIVERIES | {_ACCEPTED_ROWS},
    "finding": _OF_DELIVERIES | {_FINDINGS},
    "period": frozenset(
        {
            _PERIODS,
            _UNITS,
            "mart.kpi_before",
            "mart.kpi_benefits",
            "mart.kpi_connections",
            "mart.kpi_dossiers",
            "mart.kpi_identity",
            "mart.kpi_infrastructure",
            "mart.kpi_officials",
            "mart.kpi_satisfaction",
            "mart.kpi_services",
            "mart.kpi_work_files",
            "quality.source_by_period",
        }
    ),
}
"""Per way of slicing the tables that are cut as its models are; all others it reads are inputs of every slice."""
_COLUMN: Mapping[str, str] = {
    "dossier": REGISTERED_MONTH,
    "cohort": REGISTERED_MONTH,
    "dossier_period": "period",
    "delivery": "delivery_id",
    "finding": "delivery_id",
    "period": "period",
}
"""Per way of slicing the column by which the rows of its tables are told apart."""


@dataclass(frozen=True)
class Slice:
    """One slice as it was built: the digest of its inputs, and what its rows of each published table come to."""

    key: str
    tables: Mapping[str, Digest]

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(digest.rows for digest in self.tables.values())


@dataclass(frozen=True)
class Base:
    """A published release from which slices may be taken over.

    `months` says for dossiers, per rule-set and delivery, which months stand in their codes; `periods` in which month the
    period of a delivery ends; `spans` what the cohorts of a month come to, by the months between which they lasted.
    """

    release: PublishedRelease
    folder: Path
    builds: int
    files: Mapping[str, str]
    groups: Mapping[str, Mapping[str, Slice]]
    months: Mapping[str, Mapping[str, list[str]]]
    periods: Mapping[str, str]
    spans: Mapping[str, Mapping[str, Digest]]
    models: Mapping[str, str]

    def copy(self, name: str, target: Path) -> bool:
        """Copy a file of the release; False, and no copy, when it is not what was written."""
        said = self.files.get(name)
        if said is None or not _copied(self.release.folder / name, target, said):
            target.unlink(missing_ok=True)
            return False
        target.chmod(PRIVATE)
        return True

    def is_same(self, model: Model, content: tuple[int, str]) -> bool:
        """Whether a table of the release holds just what it holds now, to the last column and comment."""
        before = self.release.record["tables"].get(model.name)
        return (
            before is not None
            and (before["rows"], before["hash"]) == content
            and self.models.get(model.name) == _digest(model.sql)
            and not OUTSIDE_CONTENT & model.columns.keys()
        )


def find_base(home: Home) -> Base | None:
    """The release in place, if what was kept of its building can be used by this code."""
    current = find_release(home)
    if current is None:
        return None
    folder = _folder(home) / current.release_id
    try:
        said = json.loads((folder / _MANIFEST).read_bytes())
        if said["code"] != _code() or said["builds"] >= BUILDS_UNTIL_WHOLE:
            return None
        groups = {
            group: {
                name: Slice(each["key"], {table: Digest(*digest) for table, digest in each["tables"].items()})
                for name, each in slices.items()
            }
            for group, slices in said["groups"].items()
        }
        spans = {
            month: {span: Digest(*digest) for span, digest in of_month.items()}
            for month, of_month in said["spans"].items()
        }
        return Base(
            release=current,
            folder=folder,
            builds=said["builds"],
            files=said["files"],
            groups=groups,
            months=said["months"],
            periods=said["periods"],
            spans=spans,
            models=said["models"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        # Thrown away, cut short or overwritten: as good as not there.
        return None


@dataclass
class Group:
    """The models that are sliced in one way, in one build. Without `catalog` its tables are built whole.

    Where some slices are taken over, the catalog holds the rows of the others, which take the place of the rows in which
    `column` has one of the values `replaced`.
    """

    name: str
    column: str
    keys: Mapping[str, str]
    catalog: str | None = None
    kept: Mapping[str, Slice] = field(default_factory=dict)
    replaced: tuple[str, ...] = ()

    @property
    def stale(self) -> exp.Expression:
        """The rows of an earlier build that are built again, or are no more."""
        return exp.column(self.column).isin(*self.replaced) if self.replaced else exp.false()


class SlicedBuild:
    """Makes the sliced tables of one build, in the catalog `published` or, if not published, in `scratch`."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        ledger: LedgerSlice,
        models: Iterable[Model],
        base: Base | None,
        opened: ExitStack,
        *,
        published: str,
        scratch: str,
    ) -> None:
        self._con, self._ledger, self.base, self._opened = con, ledger, base, opened
        self._catalogs = {True: published, False: scratch}
        self._models = list(models)
        self._groups: dict[str, Group] = {}
        self._months: dict[str, dict[str, list[str]]] | None = None
        self._known: dict[str, dict[str, Digest]] = {}
        self._noted: dict[str, str] = {}
        self._spans: dict[str, dict[str, Digest]] | None = None
        self._wholes: dict[str, str] = {}
        self._periods = {
            delivery: f"{last_on:%Y-%m}"
            for delivery, last_on in ledger.sendings.select("delivery_id", "period_last_on").iter_rows()
        }

    def group(self, model: Model) -> Group | None:
        """The group of a sliced model; what it reads whole has to be there."""
        if model.slicing is None:
            return None
        if model.slicing not in self._groups:
            self._groups[model.slicing] = self._opened_group(model.slicing)
        return self._groups[model.slicing]

    def make_part(self, model: Model, group: Group) -> None:
        """Run a model over the slices that are built again, and put its rows beside those that are taken over."""
        with self.seeing(group):
            self._con.sql(model.sql).create(model.name)
        if model.is_published:
            self.replace(model, group, self._catalogs[True], model.columns)
        elif model in self._kept_stages(group.name):
            self._join_stage(model, group)

    def replace(self, model: Model, group: Group, catalog: str, columns: Iterable[str]) -> None:
        """Bring a table in a copy of the earlier release up to date: the whole one first, then what is cut from it."""
        names = list(columns)
        again, target = (f"{each}.{model.name}" for each in (group.catalog, catalog))
        if not model.key or not set(model.key) <= set(names):
            duck.replace_rows(self._con, again, target, names, group.stale)
            return
        changes = f"{again}_changes"
        if catalog == self._catalogs[True]:
            duck.note_changes(self._con, again, target, model.key, names, group.stale, changes)
            self._noted[model.name] = changes
            self._known[model.name] = self._digests_after(model, group, again, target, changes)
        duck.make_changes(self._con, again, target, model.key, names, changes)

    def _digests_after(self, model: Model, group: Group, again: str, target: str, changes: str) -> dict[str, Digest]:
        """Per slice what the rows come to once the changes are made: digests are sums, so what goes is taken off."""
        slices = self.base.groups[group.name] if self.base else {}
        found = {name: each.tables[model.name] for name, each in slices.items() if model.name in each.tables}
        gone, come = (
            self._digests_noted(model, group, table, changes, which)
            for table, which in ((target, duck.OLD_ROW), (again, duck.NEW_ROW))
        )
        after = {
            name: found.get(name, NO_ROWS) - gone.get(name, NO_ROWS) + come.get(name, NO_ROWS)
            for name in found.keys() | come.keys()
        }
        return {name: digest for name, digest in after.items() if digest.rows}

    def _digests_noted(self, model: Model, group: Group, table: str, changes: str, which: str) -> dict[str, Digest]:
        rows = exp.select("*").from_(exp.to_table(table, dialect="duckdb")).where(duck.is_noted(changes, which))
        noted = f"{changes}_{which}"
        duck.create_table(self._con, noted, rows)
        return self._digests_by_slice(noted, model.columns, group.column)

    @contextmanager
    def seeing(self, group: Group | None) -> Iterator[None]:
        """Let names mean the slices that are built again, where a group takes over others; whole tables elsewhere."""
        if group is None or group.catalog is None:
            yield
            return
        (whole,) = self._con.execute("SELECT current_setting('search_path')").fetchall()[0]
        own = (f"{group.catalog}.{schema}" for schema in self._schemas(group.name))
        self._con.execute("SET search_path = ?", [",".join([*own, whole])])
        try:
            yield
        finally:
            self._con.execute("SET search_path = ?", [whole])

    def content(self, model: Model, group: Group) -> tuple[int, str]:
        """Rows and content hash of a published sliced table: the sum of its slices."""
        whole = reduce(Digest.__add__, self._digests_of(model, group).values(), NO_ROWS)
        return whole.rows, whole.content_hash

    def changed(self) -> dict[str, exp.Expression | pl.DataFrame]:
        """Per published sliced table the rows that may differ from the release before, where others are taken over.

        Their keys, one column each, or a condition where rows have none.
        """
        groups = ((model, self._groups.get(model.slicing or "")) for model in self._models if model.is_published)
        return {
            model.name: self._keys_noted(model) if model.name in self._noted else group.stale
            for model, group in groups
            if group is not None and group.catalog
        }

    def _keys_noted(self, model: Model) -> pl.DataFrame:
        return self._con.table(self._noted[model.name]).select(*map(ColumnExpression, model.key)).pl()

    def keep(self, home: Home, release_id: str) -> Path:
        """Write down the stages and digests that the next build may take over; gives the folder, for `seal` to finish."""
        folder = _folder(home) / f"{_BUILDING}{release_id}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        groups: dict[str, Any] = {}
        for name, group in self._groups.items():
            tables = {
                model.name: self._digests_of(model, group)
                for model in self._of(name)
                if model.is_published and model.columns
            }
            groups[name] = {
                each: {"key": key, "tables": {table: found[each] for table, found in tables.items() if each in found}}
                for each, key in group.keys.items()
            }
            for model in self._kept_stages(name):
                self._con.table(f"{self._catalogs[False]}.{model.name}").write_parquet(str(folder / _stage_file(model)))
        said = {
            "code": _code(),
            "builds": self.base.builds + 1 if self.base else 0,
            "groups": groups,
            "months": self._months or {},
            "periods": self._periods,
            "spans": self._spans_of_cohorts(),
            "models": {model.name: _digest(model.sql) for model in self._models},
        }
        (folder / _MANIFEST).write_text(json.dumps(said), encoding="utf-8")
        return folder

    def _of(self, group: str) -> list[Model]:
        return [model for model in self._models if model.slicing == group]

    def _kept_stages(self, group: str) -> list[Model]:
        """The stages of a group that others read whole."""
        read = {table for model in self._models if model.slicing != group for table in model.upstream}
        return [model for model in self._of(group) if not model.is_published and model.name in read]

    def _opened_group(self, name: str) -> Group:
        group = Group(name, _COLUMN[name], self._keys(name))
        before = self.base.groups.get(name, {}) if self.base else {}
        kept = {each: before[each] for each, key in group.keys.items() if each in before and before[each].key == key}
        enough = LEAST_SHARE_KEPT * sum(each.rows for each in before.values())
        if not kept or sum(each.rows for each in kept.values()) < enough or not self._has_stages(name):
            for model in self._of(name):
                duck.drop_table(self._con, f"{self._catalogs[model.is_published]}.{model.name}")
            return group
        changed = frozenset((before.keys() | group.keys.keys()) - kept.keys())
        group.catalog, group.kept = f"again_{name}", kept
        group.replaced = tuple(sorted(self._values(name, changed)))
        self._open_catalog(group, changed)
        return group

    def _values(self, group: str, slices: Collection[str]) -> Iterable[str]:
        """What stands in the column of a group in rows of these slices, now or in the release before."""
        if _COLUMN[group] != "delivery_id":
            return slices
        periods = {**(self.base.periods if self.base else {}), **self._periods}
        return (delivery for delivery, period in periods.items() if period in slices)

    def _open_catalog(self, group: Group, changed: frozenset[str]) -> None:
        """Make what the models of a group read of the slices that are built again."""
        catalog, cut = str(group.catalog), _CUT[group.name]
        self._attach_memory(catalog)
        for schema in self._schemas(group.name):
            duck.create_schema(self._con, catalog, schema)
        if group.name == "dossier":
            touched = {
                delivery
                for of_rules in self._months_of_dossiers().values()
                for delivery, months in of_rules.items()
                if not changed.isdisjoint(months)
            }
            load_dossiers(self._con, self._ledger.only(touched), catalog, self._opened, changed)
        if cut >= _OF_DELIVERIES:
            load_deliveries(self._con, self._ledger.only(group.replaced), catalog, self._opened)
        if _ACCEPTED_ROWS in cut:
            load_accepted_rows(self._con, self._ledger.only(group.replaced), catalog, self._opened)
        for table in _made(group.name):
            rows = exp.select("*").from_(exp.to_table(self._full_name(table)))
            is_read = (
                self._lasts_into(table, changed) if group.column == "period" and table in _LASTING else group.stale
            )
            duck.create_view(self._con, f"{catalog}.{table}", rows.where(is_read))

    def _lasts_into(self, table: str, periods: Collection[str]) -> exp.Expr:
        """Whether a row lasts into the time from the first of some periods to the last, or into a day between."""
        said = [span for period, *span in self._spans_of_periods() if period in periods]
        if not said:
            return exp.false()
        began, ended = map(exp.column, _LASTING[table])
        first_on, last_on = min(first for first, _ in said), max(last for _, last in said)
        return exp.and_(began <= _day(last_on), exp.or_(ended.is_(exp.null()), ended >= _day(first_on)))

    def _spans_of_periods(self) -> list[tuple[str, date, date]]:
        return self._con.table(self._full_name(_PERIODS)).select("period", "first_on", "last_on").fetchall()

    def _schemas(self, group: str) -> list[str]:
        tables = _CUT[group] | {model.name for model in self._of(group)}
        return sorted({table.split(".")[0] for table in tables})

    def _join_stage(self, model: Model, group: Group) -> None:
        table = f"{self._catalogs[False]}.{model.name}"
        file = self.base.folder / _stage_file(model) if self.base else Path()
        taken_over = exp.select("*").from_(duck.parquet_files([file], "kept")).where(exp.not_(group.stale))
        again = exp.select("*").from_(exp.to_table(f"{group.catalog}.{model.name}"))
        duck.create_table(self._con, table, exp.union(taken_over, again, distinct=False))

    def _has_stages(self, group: str) -> bool:
        """Whether what was kept of a group's stages is there as it was written."""
        return self.base is not None and all(
            _is_as_said(self.base.folder / _stage_file(model), self.base.files.get(_stage_file(model)))
            for model in self._kept_stages(group)
        )

    def _digests_of(self, model: Model, group: Group) -> dict[str, Digest]:
        """Per slice what the rows of a published table come to."""
        if (known := self._known.get(model.name)) is not None:
            return known
        found = {each: kept.tables[model.name] for each, kept in group.kept.items() if model.name in kept.tables}
        catalog = group.catalog or self._catalogs[True]
        found |= self._digests_by_slice(f"{catalog}.{model.name}", model.columns, group.column)
        self._known[model.name] = found
        return found

    def _months_of_dossiers(self) -> dict[str, dict[str, list[str]]]:
        """Per rule-set and delivery of dossiers the months in the codes of its rows, accepted or rejected."""
        if self._months is None:
            found: dict[str, dict[str, list[str]]] = defaultdict(dict)
            unread = {}
            for receipt in self._ledger.receipts.values():
                if receipt.extract == DOSSIERS:
                    known = self.base.months.get(receipt.rule_set_id, {}) if self.base else {}
                    if receipt.delivery_id in known:
                        found[receipt.rule_set_id][receipt.delivery_id] = known[receipt.delivery_id]
                    else:
                        unread[receipt.delivery_id] = receipt.rule_set_id
            read = self._read_months(unread)
            for delivery, rule_set_id in unread.items():
                found[rule_set_id][delivery] = read.get(delivery, [])
            self._months = dict(found)
        return self._months

    def _read_months(self, deliveries: Collection[str]) -> dict[str, list[str]]:
        self._attach_memory("months")
        load_dossiers(self._con, self._ledger.only(deliveries), "months", self._opened, None)
        column = exp.column(REGISTERED_MONTH)
        parts = (
            exp.select("delivery_id", column)
            .distinct()
            .from_(exp.to_table(f"months.{table}"))
            .where(column.is_(exp.null()).not_())
            # A dossier that is deleted is no row of its delivery any more, and its month is concerned all the same.
            for table in sorted({*_CUT["dossier"], f"ledger.{as_sent(all_extracts()[DOSSIERS])}"})
        )
        found: dict[str, list[str]] = defaultdict(list)
        for delivery, month in self._con.execute(exp.union(*parts).sql("duckdb")).fetchall():
            found[delivery].append(month)
        return {delivery: sorted(months) for delivery, months in found.items()}

    def _attach_memory(self, catalog: str) -> None:
        self._con.execute(exp.Attach(this=exp.alias_(exp.Literal.string(":memory:"), catalog)).sql("duckdb"))

    def _keys(self, group: str) -> dict[str, str]:
        """Per slice the digest of everything that its rows depend on."""
        told: dict[str, list[str]] = defaultdict(list)
        for sending in self._ledger.sendings.iter_rows(named=True):
            receipt = self._ledger.receipts[sending["delivery_id"]]
            line = [sending["sending_id"], sending["delivery_id"], sending["status"], str(sending["received_at"])]
            for each in self._slices_of(group, sending, receipt):
                told[each].append(" ".join([*line, receipt.rule_set_id, receipt.key_id]))
        for table in _made(group):
            for each, digest in self._digests_of_made(table, _COLUMN[group]).items():
                told[each].append(f"{table} {digest.rows} {digest.content_hash}")
        inputs = self._inputs_of_all(group)
        return {each: _digest(*inputs, *lines) for each, lines in told.items()}

    def _digests_of_made(self, table: str, column: str) -> dict[str, Digest]:
        """Per slice, cut by a column, what the rows of a table come to that was made before in this build."""
        if column == "period" and table == _DOSSIERS:
            # Read by an audit alone, which counts again what the cohorts count.
            return {}
        if column == "period" and table == _COHORTS:
            return self._cohorts_by_period()
        for model in self._models:
            if model.name == table and model.is_published and (group := self.group(model)) is not None:
                return self._digests_of(model, group)
        name = self._full_name(table)
        return self._digests_by_slice(name, self._con.table(name).columns, column)

    def _cohorts_by_period(self) -> dict[str, Digest]:
        """Per period what the cohorts come to that last into it."""
        lasting: dict[tuple[date, date], Digest] = {}
        for of_month in self._spans_of_cohorts().values():
            for span, digest in of_month.items():
                began, _, ended = span.partition(" ")
                days = date.fromisoformat(began), date.fromisoformat(ended) if ended else date.max
                lasting[days] = lasting.get(days, NO_ROWS) + digest
        return {
            period: reduce(
                Digest.__add__,
                (digest for (began, ended), digest in lasting.items() if began <= last_on and ended >= first_on),
                NO_ROWS,
            )
            for period, first_on, last_on in self._spans_of_periods()
        }

    def _spans_of_cohorts(self) -> dict[str, dict[str, Digest]]:
        """Per month in the code and span of months, `2023-05-01 2023-07-01`, what the rows of the cohorts come to."""
        if self._spans is None:
            group = self._groups["cohort"]
            kept = self.base.spans if self.base else {}
            self._spans = {month: dict(kept[month]) for month in group.kept if month in kept}
            name = f"{group.catalog or self._catalogs[True]}.{_COHORTS}"
            columns = self._con.table(name).columns
            span = map(ColumnExpression, (REGISTERED_MONTH, *_LASTING[_COHORTS]))
            by = FunctionExpression("concat_ws", ConstantExpression(" "), *span)
            for each, digest in digests_by(self._con, name, columns, by).items():
                month, _, of_month = str(each).partition(" ")
                self._spans.setdefault(month, {})[of_month] = digest
        return self._spans

    def _slices_of(self, group: str, sending: Mapping[str, Any], receipt: Receipt) -> Iterable[str]:
        if _CUT[group] >= _OF_DELIVERIES:
            return (self._periods[receipt.delivery_id],)
        if group != "dossier" or receipt.extract != DOSSIERS or sending["status"] not in {"accepted", "superseded"}:
            return ()
        return self._months_of_dossiers()[receipt.rule_set_id][receipt.delivery_id]

    def _inputs_of_all(self, group: str) -> list[str]:
        """What every slice of a group depends on: the SQL of its models and the tables that they read whole."""
        models = self._of(group)
        read = {table for model in models for table in model.upstream} - {model.name for model in models} - _CUT[group]
        return [f"{model.name} {model.sql}" for model in models] + [
            f"{table} {self._whole(table)}" for table in sorted(read)
        ]

    def _whole(self, table: str) -> str:
        if table not in self._wholes:
            name = self._full_name(table)
            rows, content_hash = table_hash(self._con, name, self._con.table(name).columns)
            self._wholes[table] = f"{rows} {content_hash}"
        return self._wholes[table]

    def _full_name(self, table: str) -> str:
        published = {model.name for model in self._models if model.is_published}
        return f"{self._catalogs[table in published]}.{table}"

    def _digests_by_slice(self, name: str, columns: Iterable[str], column: str) -> dict[str, Digest]:
        """Per slice, cut by a column, what the rows of `catalog.schema.table` come to."""
        by_value = {str(value): digest for value, digest in digests_by(self._con, name, columns, column).items()}
        if column != "delivery_id":
            return by_value
        periods = {**(self.base.periods if self.base else {}), **self._periods}
        found: dict[str, Digest] = {}
        for delivery, digest in by_value.items():
            found[periods[delivery]] = found.get(periods[delivery], NO_ROWS) + digest
        return found


def seal(home: Home, folder: Path, release_id: str, files: Iterable[Path]) -> None:
    """Finish what `keep` began, once the files of the release are closed; what was kept of other releases goes."""
    said = json.loads((folder / _MANIFEST).read_bytes())
    said["files"] = {file.name: _sha256(file) for file in [*files, *sorted(folder.glob("*.parquet"))]}
    (folder / _MANIFEST).write_text(json.dumps(said), encoding="utf-8")
    target = _folder(home) / release_id
    shutil.rmtree(target, ignore_errors=True)
    folder.rename(target)
    for other in _folder(home).iterdir():
        if other.name not in {release_id, current_id(home)}:
            shutil.rmtree(other, ignore_errors=True)


def _made(group: str) -> list[str]:
    """Tables of the build itself that are cut as the models of a group are."""
    return sorted(table for table in _CUT[group] if not table.startswith("ledger."))


def _day(day: date) -> exp.Expression:
    return exp.cast(exp.Literal.string(day.isoformat()), "DATE")


def _folder(home: Home) -> Path:
    return home.local_cache / "slices"


def _stage_file(model: Model) -> str:
    return f"{model.name}.parquet"


@cache
def _code() -> str:
    """What a base has to be made by: this way of slicing, this engine, these macros."""
    return _digest(str(FORMAT), duckdb.__version__, *(macro.sql for macro in load_macros()))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\x1e".join(texts).encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_as_said(file: Path, sha256: str | None) -> bool:
    return file.exists() and _sha256(file) == sha256


def _copied(source: Path, target: Path, sha256: str) -> bool:
    """Copy a file in one reading; whether it is what it should be."""
    digest = hashlib.sha256()
    try:
        with source.open("rb") as read, target.open("wb") as written:
            while chunk := read.read(_CHUNK_BYTES):
                digest.update(chunk)
                written.write(chunk)
    except OSError:
        return False
    return digest.hexdigest() == sha256
