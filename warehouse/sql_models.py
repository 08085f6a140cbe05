"""The SQL models of the warehouse: one SELECT a file, documented in its header, ordered by what it reads.

Reading the files, their documentation and their lineage belongs here; running them belongs in `release`.

A header is a block of comment lines before the SELECT:

    -- name core.fact_dossier
    -- grain <tiếng Việt> | <English>
    -- purpose <tiếng Việt> | <English>
    -- clearance open | analyst | restricted
    -- key dossier_code
    -- budget removed 1 % changed 30 %
    -- slices dossier
    -- extract one_stop_dossier [where <condition>]
    -- column dossier_code | <tiếng Việt> | <English> [| restricted]

`extract` names the extract in whose files the rows stand, and of which of its rows they are made where others are not.

A model that treats many tables alike is written for one of them, under a header that says which they are:

    -- each core.fact_* [except core.fact_dossier]

and is the union of what its SELECT gives for each. In it `each.model` is that table, `each.ledger` the ledger's rows that
it is made from, `each.name` and `each.extract` the names of both, `each.key` what tells its rows apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

SQL_ROOT = Path(__file__).parent / "sql"
KINDS = ("stage", "dimensions", "facts", "marts", "quality", "meta", "history", "audits")
"""The folders of models."""
SOURCE_SCHEMAS = frozenset({"build", "ledger", "reference"})
"""Schemas that the release fills itself, before any model runs."""
SLICINGS = frozenset({"dossier", "cohort", "dossier_period", "delivery", "finding", "period"})
"""The ways in which rows fall into slices that do not depend on each other; `slices` says how each is cut."""
_BUDGET = re.compile(r"removed (?P<removed>\d{1,3}) % changed (?P<changed>\d{1,3}) %")
_UNPUBLISHED = frozenset({"stage", "audits"})


class ModelError(Exception):
    """A model's file does not say what it must, or reads what does not exist."""


class Clearance(StrEnum):
    """Who may see a table or column; each sees everything the ones before may see."""

    OPEN = "open"
    ANALYST = "analyst"
    RESTRICTED = "restricted"

    def permits(self, needed: Clearance) -> bool:
        """Whether somebody cleared so far may see what needs `needed`."""
        order = list(Clearance)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True)
class ColumnNote:
    """What a column holds, in both languages, and who may see it."""

    vi: str
    en: str
    clearance: Clearance


@dataclass(frozen=True)
class Budget:
    """The shares of a table's rows that a release may remove and change before a person has to look at it."""

    removed_share: float
    changed_share: float


@dataclass(frozen=True)
class Family:
    """Models that are treated alike: those of a name like `core.fact_*`, with exceptions."""

    pattern: str
    exceptions: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return fnmatchcase(name, self.pattern) and name not in self.exceptions


@dataclass(frozen=True)
class Model:
    """One SQL file. `name` is `schema.table`; `kind` its folder; `upstream` the tables it reads, sources included.

    `slicing` says that its rows fall into slices, each a function of the same slice of what it reads. `extract` is the
    extract in whose files every row of it stands, for tables whose rows do; `extract_rows` the condition that those of the
    extract meet, where the others are for another table. `family` are the models for each of which its SELECT is written.
    """

    name: str
    kind: str
    sql: str
    grain_vi: str
    grain_en: str
    purpose_vi: str
    purpose_en: str
    clearance: Clearance
    key: tuple[str, ...]
    columns: Mapping[str, ColumnNote]
    upstream: frozenset[str]
    budget: Budget | None = None
    slicing: str | None = None
    extract: str | None = None
    extract_rows: str | None = None
    family: Family | None = None

    @property
    def grain(self) -> str:
        """The grain in both languages."""
        return _bilingual(self.grain_vi, self.grain_en)

    @property
    def purpose(self) -> str:
        """The purpose in both languages."""
        return _bilingual(self.purpose_vi, self.purpose_en)

    @property
    def is_published(self) -> bool:
        """Whether the table is part of the warehouse; stages and audits are not."""
        return self.kind not in _UNPUBLISHED

    @property
    def is_history(self) -> bool:
        """Whether the table tells what was published before: that is no content, and two builds may differ in it."""
        return self.kind == "history"

    def visible_columns(self, clearance: Clearance) -> tuple[str, ...]:
        """The columns that somebody with a clearance may see; none when the table itself is above it."""
        if not clearance.permits(self.clearance):
            return ()
        return tuple(name for name, note in self.columns.items() if clearance.permits(note.clearance))


@cache
def load_models(root: Path = SQL_ROOT) -> tuple[Model, ...]:
    """Every model below `root`, each after the ones it reads; equal files give the same order on every machine.

    Raises ModelError for a header that lacks something, a table nobody makes, a name made twice or a circle.
    """
    models: dict[str, Model] = {}
    for path in sorted(path for kind in KINDS for path in root.glob(f"{kind}/*.sql")):
        model = read_model(path)
        if model.name in models:
            raise ModelError(f"{path}: {model.name} is made by another file already")
        models[model.name] = model
    return in_build_order(_written_out(model, models) if model.family else model for model in models.values())


def load_explanations(root: Path = SQL_ROOT) -> dict[str, str]:
    """Per indicator a short query from the core tables that gives its numerator and denominator again.

    It takes some of the parameters $unit_key, $first_on and $last_on.
    """
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(root.glob("explain/*.sql"))}


def in_build_order(models: Iterable[Model]) -> tuple[Model, ...]:
    """Sort models so that each stands after the ones it reads, and after all that the models sliced as it is read."""
    by_name = {model.name: model for model in models}
    for model in by_name.values():
        for table in model.upstream:
            if table not in by_name and table.split(".")[0] not in SOURCE_SCHEMAS:
                raise ModelError(f"{model.name} reads {table}, which no file makes")
    sorter = TopologicalSorter({name: sorted(_before(by_name[name], by_name)) for name in sorted(by_name)})
    try:
        return tuple(by_name[name] for name in sorter.static_order())
    except CycleError as error:
        raise ModelError(f"models read each other in a circle: {error.args[1]}") from error


def _before(model: Model, by_name: Mapping[str, Model]) -> set[str]:
    # What the slices of a group depend on is asked once, before the first of its models runs.
    group = {name for name, other in by_name.items() if model.slicing and other.slicing == model.slicing}
    read_by_group = {table for name in group for table in by_name[name].upstream} - group
    return set((model.upstream | read_by_group) & by_name.keys())


def read_model(path: Path) -> Model:
    """Read one file; ModelError says what its header or its SELECT lacks."""
    text = path.read_text(encoding="utf-8")
    notes = _Header(path, text)
    kind = path.parent.name
    clearance = Clearance(notes.one("clearance")) if kind not in _UNPUBLISHED else Clearance.RESTRICTED
    grain_vi, grain_en = notes.pair("grain")
    purpose_vi, purpose_en = notes.pair("purpose")
    extract, _, extract_rows = (notes.one("extract") if notes.has("extract") else "").partition(" where ")
    return Model(
        name=notes.one("name"),
        kind=kind,
        sql=text,
        grain_vi=grain_vi,
        grain_en=grain_en,
        purpose_vi=purpose_vi,
        purpose_en=purpose_en,
        clearance=clearance,
        key=tuple(part.strip() for part in notes.one("key").split(",")) if notes.has("key") else (),
        columns=dict(map(notes.column, notes.all("column"))),
        upstream=tables_read(path, text),
        budget=notes.budget() if notes.has("budget") else None,
        slicing=notes.slicing() if notes.has("slices") else None,
        extract=extract or None,
        extract_rows=extract_rows or None,
        family=notes.family() if notes.has("each") else None,
    )


def tables_read(path: Path, sql: str) -> frozenset[str]:
    """The tables a SELECT names, `schema.table` each; its own CTEs are not tables."""
    try:
        statements = [statement for statement in sqlglot.parse(sql, dialect="duckdb") if statement is not None]
    except ParseError as error:
        raise ModelError(f"{path}: {error}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ModelError(f"{path}: a model is exactly one SELECT")
    own = {cte.alias for cte in statements[0].find_all(exp.CTE)}
    found = set()
    for table in statements[0].find_all(exp.Table):
        if table.db:
            found.add(f"{table.db}.{table.name}")
        elif isinstance(table.this, exp.Identifier) and table.name not in own:
            raise ModelError(f"{path}: {table.name} needs its schema")
    return frozenset(found)


def _written_out(model: Model, models: Mapping[str, Model]) -> Model:
    """A model whose SELECT is written for one table of its family, as the union of that SELECT for all of them."""
    family = [models[name] for name in sorted(models) if model.family and name in model.family and name != model.name]
    if not family:
        raise ModelError(f"{model.name}: no model has a name such as its '-- each' says")
    written = sqlglot.parse_one(model.sql, dialect="duckdb")
    first, *others = (written.transform(_named_for, member) for member in family)
    sql = (exp.union(first, *others, distinct=False) if others else first).sql("duckdb", comments=False, pretty=True)
    return replace(model, sql=sql, upstream=tables_read(Path(model.name), sql))


def _named_for(node: exp.Expr, member: Model) -> exp.Expr:
    """What a name of the schema `each` stands for in one member of a family; any other part of a SELECT as it is."""
    if isinstance(node, exp.Table) and node.db == "each" and node.name in {"model", "ledger"}:
        return _table_of(member, is_ledger=node.name == "ledger").as_(node.alias_or_name, table=True)
    if isinstance(node, exp.Column) and node.table == "each":
        match node.name:
            case "name":
                return exp.Literal.string(member.name)
            case "extract":
                return exp.Literal.string(_extract_of(member))
            case "key":
                key = [exp.column(name) for name in member.key]
                return key[0] if len(key) == 1 else exp.Tuple(expressions=key)
    return node


def _table_of(member: Model, *, is_ledger: bool) -> exp.Subquery:
    rows = exp.select("*").from_(exp.to_table(f"ledger.{_extract_of(member)}" if is_ledger else member.name))
    if is_ledger and member.extract_rows:
        rows = rows.where(member.extract_rows, dialect="duckdb")
    return rows.subquery()


def _extract_of(member: Model) -> str:
    if member.extract is None:
        raise ModelError(
            f"{member.name}: the header needs a line '-- extract …', for the models that go through all of them"
        )
    return member.extract


def _bilingual(vi: str, en: str) -> str:
    return f"{vi} — {en}"


class _Header:
    """The comment lines before a SELECT, by their first word."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines: dict[str, list[str]] = {}
        for line in text.splitlines():
            if not line.startswith("-- "):
                break
            word, _, rest = line[3:].partition(" ")
            self._lines.setdefault(word, []).append(rest.strip())

    def has(self, word: str) -> bool:
        return word in self._lines

    def all(self, word: str) -> list[str]:
        return self._lines.get(word, [])

    def one(self, word: str) -> str:
        if len(self.all(word)) != 1:
            raise ModelError(f"{self._path}: the header needs exactly one line '-- {word} …'")
        return self.all(word)[0]

    def pair(self, word: str) -> tuple[str, str]:
        parts = [part.strip() for part in self.one(word).split(" | ")]
        if len(parts) != 2 or not all(parts):
            raise ModelError(f"{self._path}: '-- {word}' is written 'tiếng Việt | English'")
        return parts[0], parts[1]

    def budget(self) -> Budget:
        written = _BUDGET.fullmatch(self.one("budget"))
        if written is None:
            raise ModelError(f"{self._path}: '-- budget' is written 'removed 1 % changed 30 %'")
        return Budget(int(written["removed"]) / 100, int(written["changed"]) / 100)

    def family(self) -> Family:
        pattern, _, exceptions = self.one("each").partition(" except ")
        return Family(pattern, frozenset(name.strip() for name in exceptions.split(",") if name.strip()))

    def slicing(self) -> str:
        written = self.one("slices")
        if written not in SLICINGS:
            raise ModelError(f"{self._path}: '-- slices' is one of {', '.join(sorted(SLICINGS))}")
        return written

    def column(self, line: str) -> tuple[str, ColumnNote]:
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) not in (3, 4) or not all(parts):
            raise ModelError(
                f"{self._path}: '-- column {line}' is written 'name | tiếng Việt | English [| restricted]'"
            )
        clearance = Clearance(parts[3]) if len(parts) == 4 else Clearance.OPEN
        return parts[0], ColumnNote(parts[1], parts[2], clearance)
