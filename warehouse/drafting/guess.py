"""What the columns of a sample seem to be: type, name, whether they may lead to a person, and which of them are the key.

What belongs here: guesses, on the safe side where persons are concerned, with their evidence and what is in doubt. A guess
is for a person to confirm: no delivery is judged by it before. How a type is recognised belongs to `column_kinds`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, islice
from typing import Final

import polars as pl

from schemas.column_types import (
    AgencyCode,
    Amount,
    CodeList,
    ColumnType,
    Day,
    HealthCard,
    InsuranceNumber,
    Moment,
    PartialDay,
    Pattern,
    PersonalNumber,
    PersonName,
    Phone,
    ProcedureCode,
    TaxCode,
    Text,
    WholeNumber,
)
from schemas.contract import Personal
from schemas.rules import Wording
from schemas.text import name_key, single_spaced
from schemas.units import names_on
from warehouse.drafting.column_kinds import Facts, folded, kind_of
from warehouse.drafting.column_names import name_of
from warehouse.readers.reading import Total

_NEARLY_ALL: Final = 0.95
_MOST: Final = 0.7
_NEARLY_UNIQUE: Final = 0.8
_LONGEST_KEY: Final = 3
_MOST_KEYS_TRIED: Final = 500
_OF_PERSONS: Final = (PersonalNumber, PersonName, TaxCode, InsuranceNumber, HealthCard, Phone)
_SENSITIVE: Final = re.compile(r"\b(benh|suc khoe|khuyet tat|dan toc|ton giao|hiv|dang vien|tien an)\b")
_FREE_OR_PLACE: Final = re.compile(
    r"\b(dia chi|noi o|thuong tru|tam tru|cu tru|que quan|so nha|thon|ghi chu|noi dung|y kien|ly do|mo ta|dien giai|email)\b"
)
_OF_OFFICES: Final = re.compile(
    r"\b(don vi|co quan|truong|linh vuc|thu tuc|dich vu|xa|phuong|huyen|thanh pho|tinh|loai|hinh thuc|trang thai|cap|nganh"
    r"|chi tieu|co so du lieu|san pham|cay|du an|cong trinh)\b"
)
_BIRTH: Final = re.compile(r"\b(sinh)\b")
# What makes a good key comes first; counts, amounts, shares, yes and no never do.
_IN_KEYS: Final[Mapping[type[ColumnType], int]] = {
    Pattern: 0,
    PersonalNumber: 0,
    ProcedureCode: 0,
    AgencyCode: 0,
    TaxCode: 0,
    InsuranceNumber: 0,
    HealthCard: 0,
    CodeList: 1,
    Day: 1,
    Moment: 1,
    PartialDay: 1,
    Text: 2,
    PersonName: 3,
}


@dataclass(frozen=True)
class Guess:
    """A column as guessed. Of its `cells`, `filled` hold something, of which the type reads `fitting`.

    `doubts` are what a person must decide.
    """

    name: str
    title: str
    en: str
    kind: ColumnType
    cells: int
    filled: int
    fitting: int
    personal: Personal
    token: str | None
    doubts: tuple[Wording, ...]
    is_in_key: bool = False

    @property
    def is_required(self) -> bool:
        """Whether no row of the sample lacks it."""
        return self.is_in_key or self.filled == self.cells

    @property
    def must_exist(self) -> bool:
        """Whether hardly any row lacks it."""
        return self.is_in_key or self.filled >= _NEARLY_ALL * self.cells


@dataclass(frozen=True)
class Guesses:
    """All columns in the order of the file, the key, whether it is unique in the sample, and where units are named."""

    columns: tuple[Guess, ...]
    key: tuple[str, ...]
    is_key_unique: bool
    unit: str | None
    district: str | None
    is_grouped: bool = False
    """Whether rows of districts stand above those of their communes."""
    summed: tuple[str, ...] = ()
    """Columns that a total row sums up."""


def guess(titles: Sequence[str], rows: pl.DataFrame, on: date, totals: Sequence[Total] = ()) -> Guesses:
    """Guess every column: `rows` has a text column `column_<place>` per title; units have the names of a day.

    totals: total rows by the same columns, from which columns that are summed are told.
    """
    texts = {title: _tidy(rows[f"column_{place}"]) for place, title in enumerate(titles)}
    unit, district, is_grouped = _places(texts, on)
    columns: list[Guess] = []
    for title in titles:
        place = {unit: "unit_name", district: "district_name"}.get(title)
        columns.append(_column(title, texts[title], place, {column.name for column in columns}))
    frame = pl.DataFrame({column.name: texts[column.title] for column in columns})
    key, is_unique = _key(columns, frame)
    found = tuple(replace(column, is_in_key=True) if column.name in key else column for column in columns)
    if "unit_name" in key:
        key = (*(name for name in key if name not in ("unit_name", "district_name")), "unit_code")
    return Guesses(
        tuple(replace(column, token=_token(column)) for column in found),
        key,
        is_unique,
        "unit_name" if unit else None,
        "district_name" if unit and (district or is_grouped) else None,
        is_grouped,
        tuple(_summed(columns, totals)),
    )


def _summed(columns: Sequence[Guess], totals: Sequence[Total]) -> Iterator[str]:
    """The counts and amounts that have a total. Whether it is right is for the gate to say, delivery by delivery."""
    with_total = {name for total in totals for name, text in total.cells.items() if text}
    for place, column in enumerate(columns):
        if isinstance(column.kind, WholeNumber | Amount) and f"column_{place}" in with_total:
            yield column.name


def _tidy(texts: pl.Series) -> pl.Series:
    tidy = single_spaced(pl.col("text").str.normalize("NFC"))
    return texts.to_frame("text").select(pl.when(tidy != "").then(tidy).alias("text"))["text"]


def _column(title: str, texts: pl.Series, place: str | None, used: Collection[str]) -> Guess:
    facts = Facts(title, texts.drop_nulls())
    kind = Text() if place else kind_of(facts)
    personal = Personal.NONE if place else _class_of(facts, kind)
    name, en, is_known = name_of(title, kind, used)
    if place:
        name, en, is_known = place, "Commune" if place == "unit_name" else "District", True
    doubts = tuple(_doubts(facts, kind, personal, is_known=is_known))
    return Guess(name, title, en, kind, texts.len(), facts.texts.len(), facts.fitting(kind), personal, None, doubts)


def _class_of(facts: Facts, kind: ColumnType) -> Personal:
    """Whatever may lead to a person is taken for personal: to open a column later is easy, to take it back is not."""
    if facts.says(_SENSITIVE):
        return Personal.SENSITIVE
    if isinstance(kind, _OF_PERSONS) or (isinstance(kind, Pattern) and not kind.is_shown):
        return Personal.BASIC
    is_open = facts.says(_OF_OFFICES) and not facts.says(_FREE_OR_PLACE)
    return Personal.BASIC if isinstance(kind, Text) and not is_open and facts.texts.len() else Personal.NONE


def _doubts(facts: Facts, kind: ColumnType, personal: Personal, *, is_known: bool) -> Iterator[Wording]:
    if not is_known:
        yield Wording("tên tiếng Anh", "its English name")
    if facts.texts.is_empty():
        yield Wording("kiểu: mẫu không có giá trị nào", "its type: the sample has no value")
    elif facts.share(kind) < 1:
        yield Wording("kiểu: có ô không đọc được", "its type: some cells cannot be read")
    if isinstance(kind, CodeList):
        yield Wording("danh mục đã đủ chưa", "whether the code list is complete")
    if personal is not Personal.NONE and not isinstance(kind, _OF_PERSONS):
        yield Wording("có phải dữ liệu cá nhân không", "whether it is personal data")
    if personal is Personal.NONE and facts.says(_BIRTH):
        yield Wording("ngày sinh: để mở hay giữ riêng", "a day of birth: open or kept apart")


def _token(column: Guess) -> str | None:
    """Numbers and codes of persons stay in rows as tokens, names and texts only where the key needs them."""
    if column.personal is Personal.NONE:
        return None
    is_code = column.kind.dtype == pl.String and not column.kind.is_prose
    return f"{column.name.removesuffix('_number')}_token" if is_code or column.is_in_key else None


def _places(texts: Mapping[str, pl.Series], on: date) -> tuple[str | None, str | None, bool]:
    """The titles under which most cells are communes, and districts, by name; and whether districts head their communes."""
    names = names_on(on)
    communes = names.filter(pl.col("level") == "commune")["name_key"].unique()
    districts = names.filter(pl.col("level") == "district")["name_key"].unique()
    keys = {
        title: cells.drop_nulls().to_frame("text").select(name_key(pl.col("text")))["text"]
        for title, cells in texts.items()
        if not folded(title).startswith("ma ")
    }
    below = {title: key.filter(~key.is_in(districts.implode())) for title, key in keys.items()}
    unit = next((title for title, key in below.items() if _share_in(key, communes) >= _MOST), None)
    others = ((title, key) for title, key in keys.items() if title != unit)
    district = next((title for title, key in others if _share_in(key, districts) >= _MOST), None)
    is_grouped = unit is not None and district is None and below[unit].len() < keys[unit].len()
    return unit, district, is_grouped


def _share_in(keys: pl.Series, known: pl.Series) -> float:
    return int(keys.is_in(known.implode()).sum()) / keys.len() if keys.len() else 0.0


def _key(columns: Sequence[Guess], frame: pl.DataFrame) -> tuple[tuple[str, ...], bool]:
    """The smallest set of columns that no two different rows share, codes before words; all of them where none is unique."""
    rows = frame.unique()
    ranks = {column.name: _IN_KEYS[type(column.kind)] for column in columns if _may_be_in_key(column)}
    if not ranks:
        return (columns[0].name,), rows[columns[0].name].n_unique() == rows.height
    order = list(ranks)
    best, most_distinct = tuple(order[:1]), 0
    for size in range(1, _LONGEST_KEY + 1):
        sets = sorted(combinations(order, size), key=lambda names: sum(ranks[name] for name in names))
        for names in islice(sets, _MOST_KEYS_TRIED):
            distinct = rows.select(names).n_unique()
            if distinct == rows.height:
                return names, True
            if distinct > most_distinct:
                best, most_distinct = names, distinct
        # Samples hold mistakes, repeated keys among them.
        if most_distinct >= _NEARLY_UNIQUE * rows.height:
            break
    return best, False


def _may_be_in_key(column: Guess) -> bool:
    return type(column.kind) in _IN_KEYS and column.filled >= _NEARLY_UNIQUE * column.cells and column.filled > 0
