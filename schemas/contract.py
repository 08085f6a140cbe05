"""Contracts: the declaration of an extract, from which checks, tables, messages, dictionary and templates are derived.

What every contract can say stands here; what one extract says stands in the module of its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Final

import polars as pl

from schemas.column_types import ColumnType, WholeNumber
from schemas.dialect import Dialect
from schemas.periods import Cadence
from schemas.rules import FILE_RULES, Rule, Severity, Stage, Wording, wording_for


class Personal(StrEnum):
    """Class of personal data (Decree 13/2023, from 2026 Law 91/2025); direct identifiers are kept apart from the rows."""

    NONE = "none"
    BASIC = "basic"
    SENSITIVE = "sensitive"


class Semantics(StrEnum):
    """What a delivery says about its period: everything, only what is new or changed, or events that each stand."""

    FULL = "full"
    """A later delivery of the period takes the place of the one before; one that says so only corrects rows of it."""
    DELTA = "delta"
    """Rows of all periods are united, the latest state of each key wins; a later delivery of the period replaces."""
    EVENTS = "events"
    """A later delivery of the period adds to those before it."""


@dataclass(frozen=True)
class Column:
    """A column of an extract: its name in the warehouse, how it is titled in files and how its text is read.

    `token` names the column that stands for a direct identifier in accepted rows (a keyed digest); without it the value
    is kept among the identifiers only. `must_exist` refuses a file without the column.
    """

    name: str
    type: ColumnType
    vi: str
    en: str
    headers: tuple[str, ...]
    required: bool = False
    must_exist: bool = False
    personal: Personal = Personal.NONE
    token: str | None = None
    refers_to: str | None = None
    responsible_vi: str = "đơn vị lập báo cáo"


@dataclass(frozen=True)
class Derived:
    """A column that is worked out from others at the gate, such as a unit's code from its name.

    `beside` names the column whose type says it, as a date says how precise it is.
    """

    name: str
    dtype: pl.DataType
    ddl: str
    vi: str
    en: str
    refers_to: str | None = None
    beside: str | None = None


def precision_of(column: str, vi: str, en: str) -> Derived:
    """The column `<column>_precision` beside one of type PartialDay: "day", "month" or "year"."""
    return Derived(f"{column}_precision", pl.String(), "VARCHAR", vi, en, beside=column)


@dataclass(frozen=True, eq=False)
class RowRule:
    """A rule over several columns of a row; `hit` is a Boolean expression over typed columns, null counting as false.

    `column` is the one that a person should look at first. Texts of the row are available
    as `text:<column>`, the last day of the file's period as `period_last_on`.
    """

    code: str
    column: str
    severity: Severity
    hit: pl.Expr
    message: Wording
    expected: Wording


@dataclass(frozen=True)
class ReleaseRule:
    """A rule that needs other deliveries or dated dimensions; its SQL is a stage model of the release."""

    code: str
    column: str
    severity: Severity
    expected: Wording


@dataclass(frozen=True)
class UnitByName:
    """An administrative unit written by name: which column holds the name, which the district, and where the code goes.

    With `accepts_variants`, spellings beyond the official ones and names of former communes are read too, and counted.
    """

    name: str
    code: str
    district: str | None = None
    accepts_variants: bool = False


@dataclass(frozen=True)
class FixedWidth:
    """Lines without delimiters: `columns` gives each column's first and last character in its line, counted from 1.

    A line has `width` characters, blanks at its end included; with `is_padded` false they may be missing. `encoding` is
    that of files without a byte-order mark, by its Python name.
    """

    columns: Mapping[str, tuple[int, int]]
    width: int
    heading_lines: int = 0
    is_padded: bool = True
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        """Refuse places that overlap or lie outside the line."""
        places = [(0, 0), *sorted(self.columns.values()), (self.width + 1, self.width + 1)]
        if any(last < first or last >= following for (first, last), (following, _) in pairwise(places)):
            raise ValueError(f"places {places[1:-1]} are not one after another within {self.width} characters")


FORMATS: Final = ("xlsx", "xls", "xlsb", "ods", "csv", "txt", "json", "jsonl", "xml", "parquet", "zip", "gz")
"""How names of files end that any extract may come in, whatever its layout; what a file is, its bytes say."""


@dataclass(frozen=True)
class Records:
    """Files in which one record is one row: arrays of objects, delimited lines, repeated elements.

    `dialect` says how delimited files are written, as far as it is agreed; the rest is found out from each file.
    `records_at` names the list that holds the records in a tree of lists, as "result.items"; without it the list is found.
    `fixed_width` says where columns stand in lines that have neither delimiters nor titles. `summed` are the columns whose
    total line, where a delimited file ends with one, must equal the sum of its items.
    """

    dialect: Dialect = field(default_factory=Dialect)
    records_at: str | None = None
    fixed_width: FixedWidth | None = None
    summed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """Workbooks made for reading: titles, a header of one or two rows, groups, totals and signatures around the rows.

    `group_into` names the column that a group row (a district above its communes) fills for the rows below it;
    `summed` are the columns whose total row must equal the sum of its items; `ignored` are titles such as "STT".
    """

    header_rows: int = 1
    label: str = ""
    group_into: str | None = None
    summed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ("STT", "TT", "Số TT")


@dataclass(frozen=True)
class ReferenceList:
    """What makes an extract a dated list of codes, from which a dimension's versions are computed.

    A list that lacks more than `most_missing_share` (0 to 1) of the codes in force, and more than `missing_allowed` of
    them, is held until somebody decides: a file cut short looks just like a great reform.
    """

    most_missing_share: float = 0.2
    missing_allowed: int = 5


@dataclass(frozen=True, eq=False)
class Extract:
    """The declaration of one extract: who owes what, how often, in what shape, and by which rules it is judged.

    Compared by identity: there is one declaration per extract. `event_time` names the column of the key that says when a
    state began. `tombstone` names a column of type YesNo: a row in which it says yes, sent once more as it was, takes
    everything that was said of its key until then out of the warehouse.
    """

    name: str
    vi: str
    en: str
    suppliers: tuple[str, ...]
    cadence: Cadence
    layout: Records | Sheet
    semantics: Semantics
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    row_rules: tuple[RowRule, ...] = ()
    release_rules: tuple[ReleaseRule, ...] = ()
    unit_by_name: UnitByName | None = None
    derived: tuple[Derived, ...] = ()
    days_until_due: int = 1
    days_of_grace: int = 2
    owed_from: str = "2023"
    department: str = ""
    purpose_vi: str = ""
    legal_ground: str = ""
    event_time: str | None = None
    tombstone: str | None = None
    reference_list: ReferenceList | None = None
    version: int = 1

    def __post_init__(self) -> None:
        """Refuse a list whose columns would be taken for the validity that is computed from it, and lines cut wrongly."""
        computed = {"valid_from", "valid_to"} & {column.name for column in self.columns}
        if self.reference_list is not None and computed:
            raise ValueError(f"{self.name}: {sorted(computed)} are computed from the dates of the lists, not declared")
        if isinstance(self.layout, Records) and self.layout.fixed_width is not None:
            must_exist = {column.name for column in self.columns if column.must_exist}
            if not must_exist <= self.layout.fixed_width.columns.keys() <= self._by_name.keys():
                raise ValueError(f"{self.name}: the places of a line are those of other columns than the declared ones")

    @cached_property
    def _by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """The declared column of that name."""
        return self._by_name[name]

    def title(self, name: str) -> Wording:
        """What a declared or derived column is called."""
        titled: Mapping[str, Column | Derived] = {**{d.name: d for d in self.derived}, **self._by_name}
        return Wording(titled[name].vi, titled[name].en)

    def said(self, rule: Rule) -> Wording:
        """What a rule of this extract says, its column and what is expected filled in and what is found left open ("…")."""
        title = self.title(rule.column) if rule.column else Wording("", "")
        return Wording(
            *(
                message.replace("{column}", name).replace("{expected}", expected).replace("{found}", "…")
                for message, name, expected in (
                    (rule.message.vi, title.vi, rule.expected.vi),
                    (rule.message.en, title.en, rule.expected.en),
                )
            )
        )

    @property
    def takes_corrections(self) -> bool:
        """Whether a delivery may hold only corrected rows of an earlier one, matched by key; dated lists have other ways."""
        return self.semantics is Semantics.FULL and self.reference_list is None

    @cached_property
    def kept(self) -> Mapping[str, pl.DataType]:
        """Columns of accepted rows and their types: declared ones in order, identifiers as tokens, then derived ones."""
        names: dict[str, pl.DataType] = {}
        for column in self.columns:
            if column.personal is Personal.NONE:
                names[column.name] = column.type.dtype
            elif column.token:
                names[column.token] = pl.String()
        return names | {column.name: column.dtype for column in self.derived}

    @cached_property
    def kept_key(self) -> tuple[str, ...]:
        """The key as it is kept: a direct identifier in it by its token, never as itself."""
        tokens = {column.name: column.token for column in self.identifiers if column.token}
        return tuple(tokens.get(name, name) for name in self.key)

    @cached_property
    def business_key(self) -> tuple[str, ...]:
        """What a row is about, as it is kept, whenever it was said."""
        return tuple(name for name in self.kept_key if name != self.event_time)

    @cached_property
    def identifiers(self) -> tuple[Column, ...]:
        """The columns that identify a person directly."""
        return tuple(column for column in self.columns if column.personal is not Personal.NONE)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule by which a delivery of this extract can be judged, gate and release."""
        return (
            *(
                Rule(code, None, Stage.GATE, severity, message, expected)
                for code, (severity, message, expected) in FILE_RULES.items()
            ),
            *(rule for column in self.columns for rule in _column_rules(column)),
            *_uniqueness_rules(self.key),
            *(Rule(r.code, r.column, Stage.GATE, r.severity, r.message, r.expected) for r in self.row_rules),
            *self._unit_rules(),
            *self._total_rules(),
            *(
                Rule(r.code, r.column, Stage.RELEASE, r.severity, wording_for(r.code), r.expected)
                for r in self.release_rules
            ),
        )

    @cached_property
    def rule_by_code(self) -> Mapping[str, Rule]:
        """The rules by their codes."""
        return {rule.code: rule for rule in self.rules}

    def _unit_rules(self) -> tuple[Rule, ...]:
        if self.unit_by_name is None:
            return ()
        name = self.unit_by_name.name
        expected = Wording(
            "tên xã, phường, thị trấn của tỉnh, kèm huyện", "the name of a commune of the province, with its district"
        )
        return tuple(
            Rule(f"{name}.{kind}", name, Stage.GATE, Severity.QUARANTINE, wording_for(f"{name}.{kind}"), expected)
            for kind in ("unknown", "ambiguous")
        )

    def _total_rules(self) -> tuple[Rule, ...]:
        if not self.layout.summed:
            return ()
        expected = Wording("tổng bằng cộng các dòng", "a total equal to the sum of its rows")
        return (Rule("total.mismatch", None, Stage.GATE, Severity.WARN, wording_for("total.mismatch"), expected),)


def _column_rules(column: Column) -> list[Rule]:
    kinds: dict[str, Severity] = {}
    if column.required:
        kinds["required"] = Severity.QUARANTINE
    if column.type.can_be_unreadable:
        kinds[column.type.unreadable_kind] = column.type.on_unreadable
    kinds.update(column.type.flag_kinds)
    if isinstance(column.type, WholeNumber) and (column.type.minimum, column.type.maximum) != (None, None):
        kinds["out_of_range"] = column.type.on_out_of_range
    return [
        Rule(
            f"{column.name}.{kind}",
            column.name,
            Stage.GATE,
            severity,
            wording_for(f"{column.name}.{kind}"),
            column.type.expected,
        )
        for kind, severity in kinds.items()
    ]


def _uniqueness_rules(key: tuple[str, ...]) -> tuple[Rule, ...]:
    expected = Wording(" + ".join(key), " + ".join(key))
    return tuple(
        Rule(code, key[0], Stage.GATE, Severity.QUARANTINE, wording_for(code), expected)
        for code in ("row.duplicate_row", "row.duplicate_key")
    )
