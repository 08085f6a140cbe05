"""A sample fit to be kept among the sources: every value that may lead to a person replaced by a made-up one of its shape.

What belongs here: what is put in place of what, and writing the sample again. Two cells that were equal stay equal, so that
repeated keys stay repeated; what stood above the titles and under the rows is left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import count, islice
from typing import Final

import orjson
import polars as pl
import xlsxwriter

from schemas.column_types import ColumnType, PersonName, TaxCode
from schemas.contract import Personal
from warehouse.drafting.guess import Guess
from warehouse.drafting.sample import Sample

MOST_ROWS: Final = 60
_SURNAMES: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đỗ", "Bùi", "Hoàng")
_MIDDLE: Final = ("Văn", "Thị", "Minh", "Thu")
_GIVEN: Final = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc")
_KEPT_DIGITS: Final = 2
_TRIES: Final = 200


def suffix_of(sample: Sample) -> str:
    """How the file's name ends: workbooks and lines keep their kind, any other records become JSON."""
    return {"workbook": ".xlsx", "zip": ".xlsx", "text": ".csv"}.get(sample.kind, ".json")


def golden_file(sample: Sample, columns: Sequence[Guess]) -> bytes:
    """The first rows of a sample in the format that `suffix_of` says, without anything that may lead to a person."""
    rows = sample.rows.head(MOST_ROWS)
    titles = [column.title for column in columns]
    cells = [_replaced(rows[f"column_{place}"], column) for place, column in enumerate(columns)]
    lines = list(zip(*cells, strict=True))
    suffix = suffix_of(sample)
    if suffix == ".json":
        return orjson.dumps([dict(zip(titles, line, strict=True)) for line in lines], option=orjson.OPT_INDENT_2)
    return _as_csv(titles, lines) if suffix == ".csv" else _as_workbook(sample, titles, lines)


def _replaced(texts: pl.Series, column: Guess) -> list[str | None]:
    if column.personal is Personal.NONE:
        return texts.to_list()
    distinct = [text for text in texts.drop_nulls().unique(maintain_order=True) if text.strip()]
    # Every number is used once: no value stands for two, and none is one of the sample's own.
    numbers, taken = count(1), set(distinct)
    stands_for = {text: _stand_in(text, column.kind, numbers, taken) for text in distinct}
    return [stands_for.get(text, text) for text in texts]


def _stand_in(text: str, kind: ColumnType, numbers: Iterator[int], taken: Collection[str]) -> str:
    for number in islice(numbers, _TRIES):
        candidate = _made_up(text, number, kind)
        # What was right before is right after, what was wrong is wrong.
        if candidate not in taken and (not isinstance(kind, TaxCode) or _reads(candidate) == _reads(text)):
            return candidate
    return _words(next(numbers))


def _made_up(text: str, number: int, kind: ColumnType) -> str:
    has_digit = re.search(r"\d", text) is not None
    if isinstance(kind, PersonName) and not has_digit:
        return _name(number)
    return _numbered(text, number) if has_digit and len(text.split()) == 1 else _words(number)


def _words(number: int) -> str:
    return f"Văn bản mẫu {number}"


def _name(number: int) -> str:
    rest, given = divmod(number, len(_GIVEN))
    rest, surname = divmod(rest, len(_SURNAMES))
    return f"{_SURNAMES[surname]} {_MIDDLE[rest % len(_MIDDLE)]} {_GIVEN[given]}"


def _numbered(text: str, number: int) -> str:
    """The same shape: letters, marks and the first two digits as they are, a running number in place of the other digits."""
    digits = re.findall(r"\d", text)
    kept = digits[:_KEPT_DIGITS]
    free = len(digits) - len(kept)
    running = iter([*kept, *(str(number).zfill(free)[-free:] if free else "")])
    return "".join(next(running) if letter.isdigit() else letter for letter in text)


def _reads(text: str) -> bool:
    return pl.select(TaxCode().read(pl.lit(text)).is_not_null()).item() is True


def _as_csv(titles: Sequence[str], lines: Sequence[Sequence[str | None]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows(lines)
    return buffer.getvalue().encode()


def _as_workbook(sample: Sample, titles: Sequence[str], lines: Sequence[Sequence[str | None]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", sample.sheet)[:31])
        for place, title in enumerate(titles):
            _write_title(sheet.write_string, title, place, sample.header_rows)
        for down, line in enumerate(lines, sample.header_rows):
            for place, cell in enumerate(line):
                if cell:
                    sheet.write_string(down, place, cell)
    return buffer.getvalue()


def _write_title(write: Callable[[int, int, str], int], title: str, place: int, rows: int) -> None:
    """A title "upper / lower" over two rows; the upper one stands over each of its columns, which reads the same."""
    upper, _, lower = title.partition(" / ") if rows > 1 else (title, "", "")
    write(0, place, upper)
    if lower:
        write(1, place, lower)
