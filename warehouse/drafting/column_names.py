"""English names for Vietnamese titles: as other contracts name them, else the title in plain letters, with its unit.

What belongs here: names only. A transliterated name is a stopgap that a person is asked to replace.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Final

from schemas.column_types import Amount, ColumnType, Day, Moment, PartialDay, Share
from schemas.extracts import all_extracts
from warehouse.drafting.column_kinds import folded

_USUAL: Final[Mapping[str, tuple[str, str]]] = {
    "ho va ten": ("full_name", "Full name"),
    "ho ten": ("full_name", "Full name"),
    "ngay sinh": ("born_on", "Born on"),
    "ngay thang nam sinh": ("born_on", "Born on"),
    "gioi tinh": ("sex", "Sex"),
    "dan toc": ("ethnic_group", "Ethnic group"),
    "so cccd": ("citizen_number", "Personal number"),
    "so dinh danh": ("citizen_number", "Personal number"),
    "so dien thoai": ("phone_number", "Telephone number"),
    "dia chi": ("address", "Address"),
    "ghi chu": ("remark", "Remark"),
    "so tien": ("amount", "Amount"),
    "tong so": ("total", "Total"),
    "so luong": ("quantity", "Quantity"),
    "trang thai": ("status", "Status"),
    "ngay cap": ("issued_on", "Issued on"),
    "noi cap": ("issuing_place", "Place of issue"),
    "nam hoc": ("school_year", "School year"),
    "truong": ("school_name", "School"),
    "lop": ("class_name", "Class"),
}
_SUFFIXES: Final[tuple[tuple[type[ColumnType], str], ...]] = (
    (Day, "_on"),
    (PartialDay, "_on"),
    (Moment, "_at"),
    (Share, "_share"),
)
_OF_PLACES: Final = frozenset({"unit_name", "district_name", "unit_code"})
_TAKEN: Final = frozenset(
    {"delivery", "delivery_id", "extra", "source_sheet", "source_row", "period_last_on", *_OF_PLACES}
)
_LONGEST: Final = 40
# A single short word may well be one that SQL keeps for itself, as "do" or "to".
_SHORT: Final = 4


def name_of(title: str, kind: ColumnType, used: Collection[str]) -> tuple[str, str, bool]:
    """A column's name, its English title, and whether both are known rather than transliterated; no name in `used` again."""
    key = folded(title)
    known = _declared().get((key, type(kind).__name__)) or _USUAL.get(key)
    name, en = known or (_with_unit(snake_case(title), kind), key.capitalize())
    return _unused(name, used), en, known is not None


def snake_case(title: str) -> str:
    """A title as an identifier: plain small letters, digits and underscores, at most 40 of them."""
    words = folded(title).replace("đ", "d").split()
    name = re.sub(r"[^a-z0-9]+", "_", "_".join(words)).strip("_")
    while len(name) > _LONGEST and "_" in name:
        name = name.rsplit("_", 1)[0]
    name = name[:_LONGEST]
    return name if len(name) > _SHORT and not name[0].isdigit() else f"cot_{name}".rstrip("_")


def _with_unit(name: str, kind: ColumnType) -> str:
    if isinstance(kind, Amount) and kind.decimals == 0:
        return f"{re.sub('_(dong|vnd)$', '', name)}_vnd"
    suffix = next((suffix for known, suffix in _SUFFIXES if isinstance(kind, known)), "")
    # "Ngày" says no more than the suffix.
    stem = name.removeprefix("ngay_") if suffix == "_on" else name
    return stem if stem.endswith(suffix) else stem + suffix


def _unused(name: str, used: Collection[str]) -> str:
    taken = {*used, *_TAKEN}
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}_{number}", number + 1
    return candidate


@cache
def _declared() -> Mapping[tuple[str, str], tuple[str, str]]:
    """What contracts call a title, by the title and the type they give it."""
    declared: dict[tuple[str, str], tuple[str, str]] = {}
    for extract in all_extracts().values():
        for column in extract.columns:
            for title in (column.vi, *column.headers):
                if column.name not in _OF_PLACES:
                    declared.setdefault((folded(title), type(column.type).__name__), (column.name, column.en))
    return declared
