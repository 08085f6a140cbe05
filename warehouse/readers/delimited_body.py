"""What stands among and below the rows of a delimited file and is none: repeated titles, other tables, totals, signatures.

Such lines are set aside under a kind or told as broken, never mixed into the rows. How lines become records is none of
this module's business.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import polars as pl

from warehouse.readers.delimited_records import PLACE, Records
from warehouse.readers.reading import Broken, Total

_PROFILE_ROWS = 1000
_MOST_ROWS = 0.9
_DIGIT = r"\d"
_TOTAL = re.compile(r"(tổng|tổng cộng|tổng số|cộng|toàn tỉnh|total|grand total|sum)[\s:.]*")
_SUBTOTAL = r"(?i)^\s*(?:tổng|cộng|tiểu cộng|toàn|total|sum|subtotal)\b"
_FOOTER = re.compile(
    r"(tổng|cộng|toàn tỉnh|ghi chú|chú thích|nguồn|người lập|thủ trưởng|giám đốc|chủ tịch|nơi nhận|ký tên|ngày \d|hết\b"
    r"|total|note|source|end\b|eof\b|footnote|prepared by|\d+ (rows|records|dòng|bản ghi)|[^\w\s])"
)
_AROUND = " \t\r\n\u00a0\ufeff"
"""What may stand around a title; a joined file begins with a byte order mark."""
_CODE = re.compile(r"[\w.\-/]+")


class Body:
    """The frames of a body without what is no row. `titles` are the texts of the header, place by place.

    Without `knows_totals` rows that are called totals stay: nobody said what they would add up. With `is_summed` totals are
    told with the rows above them.
    """

    def __init__(
        self, records: Records, titles: Sequence[str], *, knows_totals: bool = True, is_summed: bool = False
    ) -> None:
        self._records = records
        self._reading = records.reading
        self._places = [str(place) for place in range(records.width)]
        self._titles = [title.strip(_AROUND) for title in titles]
        self._knows_totals = knows_totals
        self._is_summed = is_summed
        self._number_columns = 0
        self._is_other = False

    def rows(self, frames: Iterator[pl.DataFrame], *, keeps_end: bool) -> Iterator[pl.DataFrame]:
        """The frames with rows only; the last one is held until it is known to be the last. With `keeps_end` the lines
        below the last row were taken away by declaration, and nothing more is looked for there."""
        held: pl.DataFrame | None = None
        for frame in frames:
            frame = self._without_other_tables(self._without_titles(frame))
            if not frame.height:
                continue
            if held is not None:
                yield self._looked_through(held)
            held = frame
        if held is not None:
            yield held if keeps_end else self._without_end(held)

    def _without_titles(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Without repeated titles, as stand between the parts of files that were joined."""
        if len(self._titles) != len(self._places) or not any(self._titles):
            return frame
        telling = max(range(len(self._titles)), key=lambda place: len(self._titles[place]))
        if not (frame[str(telling)].str.strip_chars(_AROUND) == self._titles[telling]).any():
            return frame
        is_title = frame.select(
            pl.all_horizontal(
                pl.col(place).str.strip_chars(_AROUND) == title
                for place, title in zip(self._places, self._titles, strict=True)
            )
        ).to_series()
        self._reading.set_aside["repeated_heading"] += int(is_title.sum())
        return frame.filter(~is_title)

    def _without_other_tables(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Without the rows of a table of its own, from its titles on."""
        if not frame.height:
            return frame
        if self._is_other:
            return self._told(frame, 0)
        starts = [at for at in (self._moved_titles(frame), self._other_titles(frame)) if at is not None]
        return self._told(frame, min(starts)) if starts else frame

    def _moved_titles(self, frame: pl.DataFrame) -> int | None:
        """Where the titles stand once more in another order, as in files that were joined unlooked at."""
        if len(set(self._titles)) != len(self._places) or "" in self._titles:
            return None
        # Every frame is asked this: as the first cell stands, not tidied, is five times as fast.
        first = [mark + title for title in self._titles[1:] for mark in ("", "\ufeff")]
        if not frame["0"].is_in(first).any():
            return None
        texts = pl.col(self._places).str.strip_chars(_AROUND)
        is_moved = frame.select(
            pl.all_horizontal(texts.is_in(self._titles)) & (pl.concat_list(texts).list.n_unique() == len(self._places))
        ).to_series()
        return next(iter(is_moved.arg_true()), None)

    def _other_titles(self, frame: pl.DataFrame) -> int | None:
        """Where, below a blank line, texts stand in all places although all rows above have numbers."""
        columns = pl.col(self._places)
        is_below_blank = frame[PLACE].is_in(self._records.below_blank)
        if not is_below_blank.any():
            return None
        is_heading = frame.select(
            pl.all_horizontal(columns.str.strip_chars() != "") & ~pl.any_horizontal(columns.str.contains(_DIGIT))
        ).to_series()
        start = next(iter((is_below_blank & is_heading).arg_true()), None)
        return start if start is not None and self._has_numbers(frame.head(start)) else None

    def _has_numbers(self, above: pl.DataFrame) -> bool:
        """Whether nearly all rows above have digits in the same two columns or more: texts alone tell no heading."""
        if above.height:
            shares = above.tail(_PROFILE_ROWS).select(pl.col(self._places).str.contains(_DIGIT).mean()).row(0)
            self._number_columns = sum((share or 0) >= _MOST_ROWS for share in shares)
        return self._number_columns > 1

    def _told(self, frame: pl.DataFrame, first: int) -> pl.DataFrame:
        self._is_other = True
        self._reading.broken.extend(Broken(row, "another table") for row in frame[PLACE][first:])
        return frame.head(first)

    def _without_end(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Without totals, notes and signatures below the last row. A line cut short is none of them, but broken."""
        rows = [(row, list(texts)) for row, *texts in frame.tail(self._records.tail.maxlen or 0).iter_rows()]
        lines = [(row, "row", texts) for row, texts in rows] + list(self._records.tail)
        lines.sort(key=lambda line: line[0])
        kinds = {row: kind for row, kind in _kinds(lines).items() if self._knows_totals or kind != "total"}
        ends = {row: kinds[row] for row, what, _ in lines if what == "row" and row in kinds}
        told = {row: kinds[row] for row, what, _ in lines if what == "short" and row in kinds}
        for kind in (*ends.values(), *told.values()):
            self._reading.set_aside[kind] += 1
        if told:
            self._reading.broken[:] = [broken for broken in self._reading.broken if broken.row not in told]
        rest = self._looked_through(frame.filter(~pl.col(PLACE).is_in(list(ends))) if ends else frame)
        if self._is_summed:
            # A total cut short stays out: which of its fields are missing nobody can say.
            self._reading.totals.extend(self._total(row, texts) for row, texts in rows if ends.get(row) == "total")
        return rest

    def _looked_through(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The same rows; where one of them looks like a total of others, the sum of all says nothing."""
        if self._is_summed:
            columns = pl.col(self._places)
            self._is_summed = not rows.select(pl.any_horizontal(columns.str.contains(_SUBTOTAL).any())).item()
        return rows

    def _total(self, row: int, texts: Sequence[str]) -> Total:
        named = ((self._records.name_of(place), text.strip()) for place, text in enumerate(texts))
        return Total(None, row, {name: text for name, text in named if name and text}, ((1, row - 1),))


def _kinds(lines: Sequence[tuple[int, str, list[str]]]) -> dict[int, str]:
    """The kind of each line below the last row: "total" or "footer". The block begins at a blank line or with a word that
    no row begins with; everything in it but blanks must be such a word or one text without other fields."""
    block: list[tuple[int, str, str]] = []
    for row, what, texts in reversed(lines):
        filled = [text.strip() for text in texts if text.strip()]
        key = _key(filled[0]) if filled else ""
        if what == "broken":
            break
        if not filled:
            block.append((row, "blank", ""))
        elif len(filled) > 1 and _TOTAL.fullmatch(key):
            block.append((row, "total", key))
        elif len(filled) == 1 and _is_note(filled[0], key, len(texts) if what == "row" else 1):
            block.append((row, "footer", key))
        else:
            break
    block.reverse()
    start = next((at for at, (_, kind, key) in enumerate(block) if kind == "blank" or _FOOTER.match(key)), len(block))
    return {row: kind for row, kind, _ in block[start:] if kind != "blank"}


def _is_note(text: str, key: str, width: int) -> bool:
    """Whether the only text of a line is a note. In a line that is parted like a row it must say so."""
    if width > 1:
        return width > 2 and bool(_FOOTER.match(key)) and key[0].isalnum()
    return bool(_FOOTER.match(key)) or not _CODE.fullmatch(text)


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
