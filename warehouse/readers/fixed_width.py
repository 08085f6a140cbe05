"""Lines of fixed width: each column stands at declared places, counted in characters. A position is the line's number.

Nothing is found out here: where columns stand, how wide a line is and in which encoding it was written, the contract says.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from schemas.contract import FixedWidth
from warehouse.readers import streams
from warehouse.readers.limits import MOST_RECORD_BYTES
from warehouse.readers.reading import Broken, Reading

_MOST_CHARACTERS_IN_A_BATCH = 16 << 20
_PEEK_BYTES = 1 << 16
_TOO_LONG: Final = "dòng dài hơn quy định (line too long)"
_TOO_SHORT: Final = "dòng ngắn hơn quy định (line too short)"
_NO_LETTERS: Final = "invalid encoding"


def read(path: Path, places: FixedWidth, batch_rows: int) -> Reading:
    """Open a zstd-compressed file of lines. Raises Refusal when the declared encoding cannot be that of the file."""
    start = streams.start_of(path, _PEEK_BYTES)
    encoding = found if (found := streams.encoding_of(start)) != "utf-8" else places.encoding
    reading = Reading(iter(()), found_as={"format": "fixed width", "encoding": encoding.removesuffix("-sig")})
    reading.batches = _batches(path, encoding, places, batch_rows, reading)
    return reading


def fits(path: Path, places: FixedWidth) -> bool:
    """Whether any of the first lines is as wide as declared."""
    lines = streams.as_text(streams.start_of(path, _PEEK_BYTES)).split("\n")[places.heading_lines :]
    return any(_narrowest(places) <= len(line.rstrip("\r")) <= places.width for line in lines)


def _narrowest(places: FixedWidth) -> int:
    """The fewest characters a line may have: with padding all of them, else those up to the last column's first."""
    return places.width if places.is_padded else max(first for first, _ in places.columns.values())


def _batches(
    path: Path, encoding: str, places: FixedWidth, batch_rows: int, reading: Reading
) -> Iterator[pl.DataFrame]:
    lines = enumerate(streams.lines(streams.letters(path, encoding), MOST_RECORD_BYTES), 1)
    reading.set_aside["heading"] += sum(1 for _ in islice(lines, places.heading_lines))
    rows = max(1, min(batch_rows, _MOST_CHARACTERS_IN_A_BATCH // places.width))
    while batch := list(islice(lines, rows)):
        frame = _frame([number for number, _ in batch], [line for _, (line, _) in batch], places, reading)
        if frame.height:
            yield frame


def _frame(numbers: list[int], texts: list[str], places: FixedWidth, reading: Reading) -> pl.DataFrame:
    """The whole lines, cut into their columns; the others go into the account of the reading."""
    wrong = [at for at, text in enumerate(texts) if not _is_unicode(text)]
    for at in wrong:
        texts[at] = ""
    line = pl.Series("line", texts, dtype=pl.String)
    length = line.str.len_chars()
    filled = line.str.strip_chars_end().str.len_chars()
    frame = pl.DataFrame({"source_row": pl.Series(numbers, dtype=pl.Int64), "line": line}).with_columns(
        reason=pl.when(pl.int_range(pl.len()).is_in(wrong))
        .then(pl.lit(_NO_LETTERS))
        .when(filled == 0)
        .then(pl.lit(""))
        .when(filled > places.width)
        .then(pl.lit(_TOO_LONG))
        .when(length < _narrowest(places))
        .then(pl.lit(_TOO_SHORT))
    )
    for number, reason in frame.filter(pl.col("reason").is_not_null()).select("source_row", "reason").iter_rows():
        if reason:
            reading.broken.append(Broken(number, reason))
        else:
            reading.set_aside["blank"] += 1
    return frame.filter(pl.col("reason").is_null()).select(
        pl.lit(None, pl.String).alias("source_sheet"),
        "source_row",
        *(
            pl.col("line").str.slice(first - 1, last - first + 1).str.strip_chars(" ").alias(name)
            for name, (first, last) in places.columns.items()
        ),
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
