"""Texts are looked at as seldom as possible; what they say must not depend on how often, nor on what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas import text as vietnamese
from schemas.column_types import (
    Amount,
    CodeList,
    Day,
    PartialDay,
    PersonalNumber,
    PersonName,
    Phone,
    Text,
    YesNo,
    dossier_code,
)
from schemas.contract import Column, Records, precision_of
from schemas.extracts import all_extracts
from schemas.legacy_text import SUSPECT, recovered
from schemas.parsing import CARRIED, CHANGE, parse

_TYPES = {
    "note": Text(),
    "person": PersonName(),
    "number": PersonalNumber(),
    "phone": Phone(),
    "day": Day(),
    "birth": PartialDay(),
    "fee": Amount(),
    "kind": CodeList(codes={"1": 1, "một": 1, "2": 2}, vi="1 hoặc 2", en="1 or 2"),
    "is_paid": YesNo(),
    "code": dossier_code(),
}
MIXED = replace(
    all_extracts()["procedure_catalogue"],
    name="mixed",
    layout=Records(),
    columns=tuple(Column(name, type_, name, name, (name,)) for name, type_ in _TYPES.items()),
    key=("code",),
    row_rules=(),
    release_rules=(),
    derived=(precision_of("birth", "Độ chính xác", "Precision"),),
)
# Enough rows for every text to be read once.
_MANY_ROWS = 6000

_ALPHABET = "aàạưđĐyỳuÐðƉАоО\u00a0\u00ad\u200b\ufeff\u0301\u0323\u0302\u031b \t\n'’019.,/-:µ¸×Öï\u0085ò１ａ日\x01%"
_KNOWN = st.sampled_from(
    [
        "Kie\u0302\u0301n Xu\u031bo\u031bng", "Th\u00b8i B\u00d7nh", "BÖnh viÖn", "Nguyễn Văn An", "Thùy  Hòa ",
        "\u00d0ông Hưng", "a\u00ad ơ", "'034190000123", "034 190 000 123", "34190000123", "0912345678", "+84 912 345 678",
        "2023-02-30", "31/12/2023", "5 tháng 3 năm 2023", "20230517091500", "45000", "00/00/1985", "1.234.567,89", "15 tỷ",
        "1E+10", "Có", "MỘT", "000.00.53.h54 - 230517-0001", "H54.05-230517-0001", "",
    ]
)  # fmt: skip
_CELLS = st.lists(st.none() | _KNOWN | st.text(_ALPHABET, max_size=6), min_size=1, max_size=3)


def batch(cells: Sequence[str | None]) -> pl.DataFrame:
    """The same text in every column of a row."""
    texts = pl.Series(cells, dtype=pl.String)
    return pl.DataFrame(dict.fromkeys(_TYPES, texts)).select(
        pl.lit(0, pl.UInt32).alias("delivery"),
        pl.lit(None, pl.String).alias("source_sheet"),
        pl.int_range(pl.len()).alias("source_row"),
        pl.lit(date(2023, 12, 31)).alias("period_last_on"),
        pl.all(),
    )


def said(parsed: pl.DataFrame) -> list[dict[str, object]]:
    """What each row says, changes only where they were made."""
    rows = parsed.drop(CARRIED, strict=False).iter_rows(named=True)
    return [{name: value for name, value in row.items() if value or not name.startswith(CHANGE)} for row in rows]


@settings(max_examples=10, deadline=None)
@given(_CELLS)
@example(["Thùy", "Thái Bình"])
def test_a_text_says_the_same_alone_and_in_many_rows(cells: list[str | None]) -> None:
    alone = [row for cell in cells for row in said(parse(batch([cell]), MIXED))]
    many = parse(batch(cells * (_MANY_ROWS // len(cells))), MIXED).drop("source_row")
    first = many.head(len(cells))
    assert said(first) == alone
    assert many.equals(pl.concat([first] * (_MANY_ROWS // len(cells))))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(_ALPHABET, max_size=6) | _KNOWN, min_size=30, max_size=60))
def test_what_does_not_look_rough_is_changed_by_no_tidying(cells: list[str]) -> None:
    text = pl.col("text")
    frame = pl.DataFrame({"text": cells}, schema={"text": pl.String})
    smooth = frame.filter(
        text.str.contains(f"{vietnamese.ROUGH}|{SUSPECT}").not_() | vietnamese.is_beyond_plain(text).not_()
    )
    tidied = smooth.select(
        mend(text).alias(mend.__name__)
        for mend in (
            vietnamese.without_eth,
            vietnamese.without_look_alikes,
            vietnamese.without_full_width,
            vietnamese.composed,
            vietnamese.without_invisible,
            vietnamese.single_spaced,
            vietnamese.without_text_mark,
        )
    )
    assert all(column.equals(smooth["text"]) for column in tidied)
    assert recovered(smooth["text"])[0].equals(smooth["text"])


def test_a_column_of_many_different_texts_is_read_where_it_stands() -> None:
    numbers = [f"{number:012}" for number in range(_MANY_ROWS)]
    parsed = parse(batch(numbers), MIXED)
    assert parsed["note"].to_list() == numbers
    assert said(parsed.gather_every(_MANY_ROWS - 1)) == said(parse(batch([numbers[0], numbers[-1]]), MIXED))
