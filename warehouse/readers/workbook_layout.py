"""How sheets made for printing are laid out: titles over several rows, numbering, groups, totals, signatures.

Only the shape of a sheet is read here, from its texts and merged ranges. Which columns a contract wants belongs to
`workbook`, what a sheet without a contract may be to `workbook_survey`. Rows and columns are counted from 0.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

import polars as pl

from schemas.text import name_key
from warehouse import headers
from warehouse.readers.workbook_cells import Cells
from warehouse.readers.workbook_marks import Area

NUMBER: Final = r"^ *-?[0-9][0-9.,]* *%?$"
"""Matches a cell that holds a number and nothing else."""
ORDINAL_BEFORE: Final = r"^ *(?:[0-9]+|[IVXLC]+|[A-ZĐ]) *[.)\-:] *"
"""Matches the ordinal before a name: "I. ", "3) "."""
ORDINAL_TITLES: Final = ("STT", "TT", "Số TT", "Số thứ tự", "Thứ tự")
_NUMBERED = re.compile(r"\(\s*(?:\d{1,2}|[A-Za-z]{1,2})\s*\)|\(?\s*\d{1,2}\s*=[\d\s=+\-*/x×:().%]+")
_COUNTED = re.compile(r"\d{1,2}|[A-Za-zĐđ]")
# Totals of a part may name it; those of the whole say little more, for "Tổng số hộ" is a row like any other.
_TOTALS_OF_PARTS = ("tổng cộng", "tiểu cộng", "cộng")
_PARTS = (
    "toàn", "cả", "chung", "huyện", "thành phố", "thị xã", "tp", "tx", "xã", "phường", "thị trấn", "khối", "nhóm", "mục",
    "phần", "trang", "theo", "tỉnh", "các", "bảng", "biểu", "cột", "số", "dồn",
)  # fmt: skip
_TOTALS = (
    "tổng", "tổng số", "toàn tỉnh", "toàn huyện", "toàn thành phố", "toàn thị xã", "toàn xã", "toàn ngành", "toàn quốc",
    "cả tỉnh", "cả nước", "cả huyện", "total",
)  # fmt: skip
_WHOLES = ("toàn", "cả", "chung", "huyện", "thành phố", "thị xã", "tp", "tx")
_PARTIAL = ("tiểu cộng", "cộng", "toàn huyện", "toàn xã", "tổng cộng huyện", "tổng huyện")
_GROUPS = ("huyện", "thành phố", "thị xã", "tp", "tx")
_SIGNATURES = (
    "người lập", "người báo cáo", "lập bảng", "lập biểu", "thủ trưởng", "giám đốc", "phó giám đốc", "nơi nhận", "ghi chú",
    "chủ tịch", "phó chủ tịch", "ký tên", "ký, đóng dấu", "đã ký", "thái bình, ngày", "kế toán", "trưởng phòng",
    "chi cục trưởng", "cục trưởng", "hiệu trưởng", "tm", "kt", "xác nhận của", "đại diện", "kiểm soát", "lưu",
)  # fmt: skip
_WIDE_COLUMNS = 2
_DATE_LINE = r"ngài [^¦]*tháng [^¦]*năm"
_BETWEEN = "¦"
_ORDINAL = r" *(?:[0-9]+(?:\.[0-9]+)*|[IVXLC]+|[A-Za-zĐđ]) *[.)]? *"
_IN_ROMAN = rf"^ *(?:[IVXLC]+|[A-ZĐ]) *[.)]? *{_BETWEEN}"
_ONLY_ORDINAL = r"^ *[0-9]+ *[.)]? *$"
_ORDINALS = rf"^(?:{_ORDINAL}{_BETWEEN})+"
_SOME_NUMBER = rf"(?:^|{_BETWEEN}) *-?[0-9][0-9.,]* *%? *(?:$|{_BETWEEN})"
_ALL_NUMBERED = rf"^(?:\(([0-9]{{1,2}}|[A-Za-z])\)(?:$|{_BETWEEN}))+$"


def joined_titles(cells: Cells, first: int, rows: int) -> list[str | None]:
    """One title per column of a header of several rows, "upper / lower".

    A title over several columns belongs to all of them: those of its merged range, or, where the file tells of none, the
    empty ones to its right that have something below.
    """
    lines = [list(line) for line in cells.texts.slice(first, rows).iter_rows()]
    lines = [[_one_line(text) for text in line] for line in lines]
    spanned = _spread_merged(lines, cells.merged, first)
    if not spanned:
        for upper, lower in pairwise(lines):
            _spread_right(upper, lower)
    titles: list[str | None] = []
    for column in zip(*lines, strict=True):
        parts = list(dict.fromkeys(text for text in column if text))
        titles.append(" / ".join(parts) or None)
    return titles


def _one_line(text: str | None) -> str | None:
    return (" ".join(text.split()) or None) if text else None


def _spread_merged(lines: list[list[str | None]], merged: Iterable[Area], first: int) -> bool:
    """Write the text of each merged range into all of its cells; whether any range spans columns."""
    spans = False
    for top, left, bottom, right in merged:
        if top < first or bottom >= first + len(lines) or left >= len(lines[0]):
            continue
        text = lines[top - first][left]
        spans = spans or right > left
        for line in lines[top - first : bottom - first + 1]:
            line[left : right + 1] = [text] * len(line[left : right + 1])
    return spans


def _spread_right(upper: list[str | None], lower: Sequence[str | None]) -> None:
    spanning: str | None = None
    for place, below in enumerate(lower):
        spanning = upper[place] or (spanning if below else None)
        upper[place] = spanning


def made_unique(titles: Sequence[str | None], used: Collection[int]) -> list[str | None]:
    """Titles, each different: what stands below an empty or repeated one is parked under a name of its own, not lost.

    used: the columns with anything below; others stay without a title.
    """
    named: list[str | None] = []
    for place, title in enumerate(titles):
        if not title and place not in used:
            named.append(None)
        else:
            named.append(title if title and title not in named else f"{title or ''}#{place + 1}")
    return named


def is_numbering(line: Sequence[str | None]) -> bool:
    """Whether a row only numbers the columns: "(1) (2) (3)", "A B 1 2 3", "(5) = (4)/(3)"."""
    filled = [text.strip() for text in line if text and text.strip()]
    if len(filled) < 2:
        return False
    if all(_NUMBERED.fullmatch(text) for text in filled):
        return True
    numbers = [int(text) for text in filled if text.isdigit()]
    return (
        len(filled) > 2
        and all(_COUNTED.fullmatch(text) for text in filled)
        and len(numbers) > 1
        and numbers in ([*range(1, len(numbers) + 1)], [*range(len(filled) - len(numbers) + 1, len(filled) + 1)])
        and not any(text.isdigit() for text in filled[: len(filled) - len(numbers)])
    )


def kinds(
    body: pl.DataFrame,
    named: Sequence[str],
    sections: Collection[int],
    unit: str | None = None,
    needed: Sequence[str] = (),
) -> pl.DataFrame:
    """What each row below the titles is: row, blank, numbering, total, group (of a district), section or signature.

    body: the columns of the sheet. named: those with a title that counts. sections: rows of the body, from 0, that are one
    merged cell. unit: the column whose names of districts make a row a group. needed: columns no row can do without; one that
    has none of them, and a Roman numeral or a letter before it, begins a section.
    Returns `kind`, `label` (the first text that is no ordinal), `is_partial` (a total of a part), `filled` (named cells) and
    `is_in_roman` (a Roman numeral or a letter comes first).
    """
    # One long text per row is searched several times faster than every cell by itself.
    lines = body.select(
        whole=pl.concat_str(pl.all(), separator=_BETWEEN, ignore_nulls=True),
        said=pl.concat_str(pl.col(named), separator=_BETWEEN, ignore_nulls=True),
        filled=pl.sum_horizontal(pl.col(named).is_not_null()),
        unit=pl.col(unit).pipe(name_key) if unit else pl.lit(None, pl.String),
        is_bare=pl.all_horizontal(pl.col(needed).is_null()) if needed else pl.lit(value=False),
    )
    lines = lines.with_columns(
        label=pl.col("whole").str.replace(_ORDINALS, "").str.splitn(_BETWEEN, 2).struct.field("field_0"),
        few=(pl.col("filled") * 2 <= len(named)) & ~pl.col("said").str.contains(_SOME_NUMBER),
        at=pl.int_range(pl.len()),
    ).with_columns(
        key=pl.col("label").pipe(name_key),
        is_in_roman=pl.col("whole").str.contains(_IN_ROMAN),
        sign=pl.when("few").then("whole").pipe(name_key),
    )
    is_group = pl.col("unit").str.contains(_wordings().group).fill_null(value=False)
    if unit:
        is_group = is_group | ((pl.col("filled") <= 1) & pl.col("key").str.contains(_wordings().group))
    kind = (
        pl.when(
            (pl.col("whole").str.strip_chars(" \t\r\n\u00a0" + _BETWEEN) == "")
            # Lines of a form that were numbered beforehand and never filled in.
            | ((pl.col("filled") == 0) & pl.col("whole").str.contains(_ONLY_ORDINAL))
        )
        .then(pl.lit("blank"))
        .when((pl.col("filled") >= 2) & pl.col("said").str.contains(_ALL_NUMBERED))
        .then(pl.lit("numbering"))
        .when(pl.col("key").str.contains(_wordings().total))
        .then(pl.lit("total"))
        .when(is_group)
        .then(pl.lit("group"))
        .when(pl.col("at").is_in(sorted(sections)) | (pl.col("is_bare") & pl.col("is_in_roman")))
        .then(pl.lit("section"))
        .when(pl.col("sign").str.contains(_wordings().signed))
        .then(pl.lit("signature"))
        .otherwise(pl.lit("row"))
    )
    classified = lines.select(
        "label",
        "filled",
        "few",
        "is_in_roman",
        kind.alias("kind"),
        is_partial=pl.col("key").str.contains(_wordings().partial_total),
    )
    # After the first signature, rows without a number are signature too: names and functions stand there.
    is_footer = (pl.col("kind") == "signature").cum_max() & pl.col("kind").is_in(["row", "group", "section"])
    return classified.with_columns(
        pl.when(is_footer & pl.col("few")).then(pl.lit("signature")).otherwise("kind").alias("kind")
    )


def sections_of(merged: Iterable[Area], first: int, height: int) -> set[int]:
    """Rows of a body, from 0, over most of whose width one merged cell stretches."""
    return {
        top - first
        for top, left, bottom, right in merged
        if first <= top == bottom < first + height and right - left >= _WIDE_COLUMNS
    }


def filled_down(body: pl.DataFrame, merged: Iterable[Area], first: int) -> pl.DataFrame:
    """Texts of cells merged over several rows, written into each of them; a number so merged belongs to no row alone."""
    written: dict[int, dict[int, str]] = {}
    number = re.compile(NUMBER)
    for top, left, bottom, _ in merged:
        if top < first or bottom == top or left >= body.width or bottom - first >= body.height:
            continue
        text = body[top - first, left]
        if text and not number.match(text):
            written.setdefault(left, {}).update(dict.fromkeys(range(top - first + 1, bottom - first + 1), text))
    return body.with_columns(
        body[str(column)].scatter(list(rows), list(rows.values())) for column, rows in written.items()
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(key) for key in headers.keys_of(words) if key)


class _Wordings(NamedTuple):
    """Patterns over folded rows, by what they tell."""

    group: str
    signed: str
    total: str
    partial_total: str


@cache
def _wordings() -> _Wordings:
    """Made when the first sheet is read: folding words is Polars' work, and nothing may start its threads on import."""
    numeral = "[ivxlc]+|[a-d]|[0-9]+"
    and_what = "(?:[ :+].*)?"
    of_a_part = rf"(?:{_any(_TOTALS_OF_PARTS)})[:*]?(?: (?:{_any(_PARTS)}|{numeral}){and_what})?"
    of_all = rf"(?:{_any(_TOTALS)})[:*]?(?: (?:{_any(_WHOLES)}|{numeral}){and_what})?"
    return _Wordings(
        group=rf"^(?:[ivxlc]+ |[0-9]+ )?(?:{_any(_GROUPS)})(?: |$)",
        signed=rf"(?:^|{_BETWEEN} ?)(?:{_any(_SIGNATURES)}|{_DATE_LINE})(?: |$|{_BETWEEN}|:)",
        total=rf"^(?:(?:{numeral}) )?(?:{of_a_part}|{of_all})$",
        partial_total=rf"^(?:(?:{numeral}) )?(?:{_any(_PARTIAL)})(?:[ :*]|$)",
    )
