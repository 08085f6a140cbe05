"""Records of delimited text: pieces of whole lines become frames, broken lines are told, everything is counted.

A piece in which every line is a plain record goes through Polars' parser; any other is taken line by line, which tells
broken lines from records that hold line breaks. How a file is written comes as a `Form`; what its columns mean, which rows
are titles, totals or another table is decided elsewhere.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from warehouse.readers.delimited_bytes import OVERLONG, lines_in, places_of
from warehouse.readers.reading import Broken, Reading, Refusal

PLACE = "source_row"
LONGEST_FIELD = 131_072
_PART_BYTES = 1 << 18
_TAIL_LINES = 60
_MOST_CELLS_KEPT = 10_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)")
_STAND_INS = bytes([0x1F, 0x1E, 0x1D, 0x1C, 0x1A, 0x17, 0x16, 0x11, 0x0F, 0x0E, 0x07, 0x03, 0x01])


@dataclass(frozen=True)
class Form:
    """How records are written: a complete dialect. quote and escape may be ""; an escape equal to the quote is doubling."""

    delimiter: str
    quote: str = '"'
    escape: str = '"'
    comment: str | None = None
    longest_line_bytes: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether parsers know this form: one byte between fields, quotes doubled or none."""
        return len(self.delimiter.encode()) == 1 and (not self.quote or self.escape == self.quote)


@dataclass(frozen=True)
class _Plain:
    """A text rewritten in plain form, and what its stand-ins stand for."""

    text: bytes
    delimiter: str
    stands_for: tuple[tuple[str, str], ...] = ()

    def restored(self, value: str) -> str:
        for stand_in, text in self.stands_for:
            value = value.replace(stand_in, text)
        return value

    def restore(self, texts: pl.Expr) -> pl.Expr:
        for stand_in, text in self.stands_for:
            texts = texts.str.replace_all(stand_in, text, literal=True)
        return texts


def plain(piece: bytes, form: Form) -> _Plain:
    """A piece in plain form: what parsers do not know is replaced by control characters that the piece does not hold.

    Raises Refusal when it holds them all.
    """
    if form.is_plain:
        return _Plain(piece, form.delimiter)
    free = (bytes([byte]) for byte in _STAND_INS if byte not in piece)
    stands_for: list[tuple[str, str]] = []

    def stand_in(text: str) -> bytes:
        byte = next(free, None)
        if byte is None:
            raise Refusal("file.unreadable", "CSV")
        stands_for.append((byte.decode(), text))
        return byte

    escape = form.escape.encode()
    if form.quote and escape and form.escape != form.quote:
        # A delimiter is escaped by a backslash only: after any other character it parts.
        escaped = (form.escape, form.quote, *((form.delimiter,) if form.escape == "\\" else ()))
        for text in escaped:
            piece = piece.replace(escape + text.encode(), stand_in(text))
    delimiter = form.delimiter
    if len(delimiter.encode()) > 1:
        between = stand_in(delimiter)
        piece, delimiter = piece.replace(delimiter.encode(), between), between.decode()
    if form.quote and form.escape not in (form.quote, "\\"):
        edge = b"[%b\r\n]" % re.escape(delimiter.encode())
        inner = re.compile(b"(?<!\\A)(?<!%b)%b(?!%b)" % (edge, re.escape(form.quote.encode()), edge))
        piece = inner.sub(stand_in(form.quote), piece)
    return _Plain(piece, delimiter, tuple(stands_for))


def lenient_fields(line: str, delimiter: str, quote: str) -> tuple[list[str], int | None]:
    """The fields of one line by whatever quotes hold, and the place of the first field whose quotes do not."""
    fields: list[str] = []
    broken: int | None = None
    mark = re.escape(quote)
    whole = re.compile(f"{mark}((?:[^{mark}]|{mark}{mark})*){mark}") if quote else None
    at = 0
    while at <= len(line):
        if whole and line.startswith(quote, at):
            match = whole.match(line, at)
            if match and (match.end() == len(line) or line.startswith(delimiter, match.end())):
                fields.append(match[1].replace(quote * 2, quote))
                at = match.end() + len(delimiter)
                continue
            broken = len(fields) if broken is None else broken
        end = line.find(delimiter, at)
        end = len(line) if end < 0 else end
        fields.append(line[at:end])
        at = end + len(delimiter)
    return fields, broken


def lines_of(text: str) -> list[str]:
    """The lines of a text, each with what ends it."""
    if "\r" in text:
        return _LINE.findall(text if text.endswith(("\n", "\r")) else text + "\n")
    return [line + "\n" for line in text.removesuffix("\n").split("\n")]


@dataclass
class Records:
    """Turns pieces into frames: `source_row` and one text column per place, named by its number from 0.

    Broken lines, comments and lines without any text go into the account of the reading. `surplus` is how many fields
    without a title, all empty, end every line of the file. `name_of` says what a place is called in a finding.
    """

    form: Form
    width: int
    reading: Reading
    surplus: int = 0
    name_of: Callable[[int], str | None] = str
    tail: deque[tuple[int, str, list[str]]] = field(default_factory=lambda: deque(maxlen=_TAIL_LINES))
    """The last lines that were no rows: number, "blank", "short" (of fields, and nothing else wrong) or "broken", fields."""
    below_blank: list[int] = field(default_factory=list)
    """The lines right below blank ones of the last frame and, at its end, of those before."""

    def __post_init__(self) -> None:
        self._places = [str(place) for place in range(self.width)]
        self._fields = [str(place) for place in range(self.width + self.surplus)]

    def frames(self, pieces: Iterator[bytes], first_line: int) -> Iterator[pl.DataFrame]:
        """The records of the pieces, of which the first begins on `first_line`."""
        begun = b""
        for piece in pieces:
            whole = None if begun else self._of_plain(piece, first_line)
            if whole is not None:
                first_line += whole.height
                yield self._without_blank(whole)
                continue
            for part in _parts(piece):
                part = begun + part
                frame = self._of_plain(part, first_line) if len(part) < len(piece) else None
                begun = b""
                if frame is None:
                    frame, begun = self._of_any(part, first_line, is_last=False)
                first_line += lines_in(part) - lines_in(begun)
                yield self._without_blank(frame)
        if begun:
            frame, _ = self._of_any(begun, first_line, is_last=True)
            yield self._without_blank(frame)

    def _of_plain(self, piece: bytes, first_line: int) -> pl.DataFrame | None:
        """A piece in which every line is one whole record; None when there is any doubt of that."""
        is_returned = b"\r" in piece and b"\n" not in piece
        if is_returned:
            piece = piece.replace(b"\r", b"\n")
        text = plain(piece, self.form)
        lines = lines_in(piece)
        quotes = self._enclosing_quotes(text)
        if quotes is None or self._is_doubtful(text, lines):
            return None
        try:
            frame = pl.read_csv(
                text.text,
                has_header=False,
                schema=dict.fromkeys(self._fields, pl.String),
                separator=text.delimiter,
                quote_char=self.form.quote if quotes else None,
                empty_string_is_null=False,
                infer_schema=False,
                extra_columns="raise",
                missing_columns="raise",
                # Numbered by the parser, in the same chunks as the texts: what is in others would be joined at every turn.
                row_index_name=PLACE,
            )
        # A piece that happens to begin like a compressed file is taken for one.
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
            return None
        if frame.height != lines or self._is_overlong(frame):
            return None
        beyond = pl.col(self._fields[self.width :])
        texts = pl.col(self._fields)
        if self.surplus and frame.select(pl.any_horizontal((beyond.str.strip_chars() != "").any())).item():
            return None
        # Every byte is in a value, parts fields or ends a line: a delimiter too few or a quote in a value would not add up.
        in_values = sum(frame.select(texts.str.len_bytes().sum()).row(0))
        returns = lines if b"\r" in text.text else 0
        if in_values + lines * len(self._fields) + quotes + returns != len(text.text):
            return None
        return frame.select(
            pl.col(PLACE).cast(pl.Int64) + first_line,
            text.restore(pl.col(self._places)),
        )

    def _enclosing_quotes(self, text: _Plain) -> int | None:
        """How many quotes there are, if by turns each begins a field and ends one; None when any does something else."""
        quote = self.form.quote.encode()
        if not quote or quote not in text.text:
            return 0
        if len(quote) > 1:
            return None
        octets = np.frombuffer(text.text, dtype=np.uint8)
        places = places_of(quote, text.text)
        edges = np.zeros(256, dtype=np.bool_)
        edges[[ord("\n"), ord("\r"), ord(text.delimiter)]] = True
        # Before the first byte stands the last one in this sum, which ends a line too; after the last one stands itself.
        before, after = octets[places[::2] - 1], octets.take(places[1::2] + 1, mode="clip")
        is_sound = edges[before].all() and edges[after].all()
        return len(places) if is_sound and len(places) % 2 == 0 else None

    def _is_doubtful(self, text: _Plain, lines: int) -> bool:
        """Zeros, comments, lone returns and single columns are for the slower way."""
        piece = text.text
        if self.width == 1 or b"\x00" in piece or (b"\r" in piece and piece.count(b"\r\n") != lines):
            return True
        comment = (self.form.comment or "").encode()
        return bool(comment) and (piece.startswith(comment) or b"\n" + comment in piece)

    def _is_overlong(self, frame: pl.DataFrame) -> bool:
        texts = pl.col(self._fields)
        lengths = frame.select(texts.str.len_bytes().max()).row(0)
        if max((length for length in lengths if length), default=0) > LONGEST_FIELD // 4:
            return True
        allowed = self.form.longest_line_bytes
        if allowed is None:
            return False
        # With quotes around every field a line is this long at most.
        longest = frame.select(pl.sum_horizontal(texts.str.len_bytes()).max()).item() or 0
        return bool(longest + self.width * (len(self.form.delimiter) + 2) > allowed)

    def _of_any(self, piece: bytes, first_line: int, *, is_last: bool) -> tuple[pl.DataFrame, bytes]:
        """Any piece, line by line; also the lines of a record that has begun and does not end in this piece."""
        text = plain(piece, self.form)
        lines = _Lines(lines_of(text.text.decode("utf-8", "surrogateescape")))
        rows: list[int] = []
        records: list[list[str]] = []
        reader = csv.reader(
            lines,
            delimiter=text.delimiter,
            quotechar=self.form.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.form.quote else csv.QUOTE_NONE,
            strict=True,
        )
        comment = self.form.comment
        while lines.at < len(lines.texts):
            start = lines.at
            if comment and lines.texts[start].startswith(comment):
                self.reading.set_aside["comment"] += 1
                lines.at += 1
                continue
            try:
                fields = next(reader)
            except csv.Error:
                if lines.is_at_end and not is_last:
                    begun = piece[_offset(piece, start) :]
                    return self._framed(rows, records, text), begun
                self._break(lines, start, first_line, text)
                continue
            if fields and not self._is_sound(fields, lines, start, text.delimiter):
                self._break(lines, start, first_line, text)
            else:
                rows.append(first_line + start)
                records.append(fields[: self.width] if fields else [""] * self.width)
        return self._framed(rows, records, text), b""

    def _is_sound(self, fields: list[str], lines: _Lines, start: int, delimiter: str) -> bool:
        if len(fields) != self.width and (len(fields) != len(self._fields) or _has_text(fields[self.width :])):
            # A line of blanks alone holds nothing, however many fields it has.
            if _has_text(fields):
                return False
            fields[:] = [""] * self.width
        if not _is_unicode(fields) or any("\x00" in text for text in fields):
            return False
        if self.form.quote and _may_be_one_text(lines.texts[start], fields, delimiter, self.form.quote):
            return False
        allowed = self.form.longest_line_bytes
        return allowed is None or all(len(line.encode()) <= allowed + 2 for line in lines.texts[start : lines.at])

    def _break(self, lines: _Lines, start: int, first_line: int, text: _Plain) -> None:
        """Tell a line and go on with the next one: a quote left open must not swallow the lines below it."""
        line = lines.texts[start].rstrip("\r\n")
        if line.encode("utf-8", "surrogateescape") == OVERLONG or len(line) > LONGEST_FIELD:
            self.reading.broken.append(Broken(first_line + start, "line too long"))
            lines.at = start + 1
            return
        fields, open_at = lenient_fields(line, text.delimiter, self.form.quote)
        fields = [text.restored(value) for value in fields]
        faults = list(self._faults(fields, open_at, line))
        if not faults:
            # What is wrong stands in a later line of the record.
            faults = [(None, "broken quote")]
        (column, reason), *further = faults
        bad = {open_at}
        keeps = len(self.reading.broken) < _MOST_CELLS_KEPT and _is_unicode(fields)
        cells = {
            name: value
            for place, value in enumerate(fields[: self.width])
            if keeps and place not in bad and (name := self.name_of(place)) and "\x00" not in value
        }
        absent = tuple(name for place in range(len(fields) + 1, self.width) if (name := self.name_of(place)))
        self.reading.broken.append(Broken(first_line + start, reason, column, tuple(further), cells, absent))
        self.tail.append((first_line + start, "broken" if further or reason != "missing column" else "short", fields))
        lines.at = start + 1

    def _faults(self, fields: Sequence[str], open_at: int | None, line: str) -> Iterator[tuple[str | None, str]]:
        """Everything that is wrong with the shape of a line, with the column where there is one."""
        for place, value in enumerate(fields):
            if not _is_unicode([value]):
                yield self.name_of(place), "invalid encoding"
                break
        for place, value in enumerate(fields):
            if "\x00" in value:
                yield self.name_of(place), "NUL byte"
                break
        if open_at is not None:
            yield self.name_of(open_at), "broken quote"
        if len(fields) > len(self._fields) or _has_text(fields[self.width :]):
            yield None, "too many columns"
        elif len(fields) < self.width:
            yield self.name_of(len(fields)), "missing column"
        allowed = self.form.longest_line_bytes
        if allowed is not None and len(line.encode("utf-8", "surrogateescape")) > allowed:
            yield None, "line too long"

    def _framed(self, rows: list[int], records: list[list[str]], text: _Plain) -> pl.DataFrame:
        columns = zip(*records, strict=True) if records else [()] * self.width
        frame = pl.DataFrame(
            [
                pl.Series(PLACE, rows, dtype=pl.Int64),
                *(pl.Series(place, texts, dtype=pl.String) for place, texts in zip(self._places, columns, strict=True)),
            ]
        )
        return frame.with_columns(text.restore(pl.col(self._places))) if text.stands_for else frame

    def _without_blank(self, frame: pl.DataFrame) -> pl.DataFrame:
        self.below_blank = self.below_blank[-1:]
        if not (frame["0"].str.strip_chars() == "").any():
            return frame
        is_blank = frame.select(pl.all_horizontal(pl.col(self._places).str.strip_chars() == "")).to_series()
        if blank := int(is_blank.sum()):
            self.reading.set_aside["blank"] += blank
            self.tail.extend((row, "blank", []) for row in frame[PLACE].filter(is_blank).tail(_TAIL_LINES))
            self.below_blank += (frame[PLACE].filter(is_blank) + 1).to_list()
            return frame.filter(~is_blank)
        return frame


@dataclass
class _Lines:
    """Lines that can be taken up again from an earlier one; `at` is the next."""

    texts: list[str]
    at: int = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.is_at_end:
            raise StopIteration
        self.at += 1
        return self.texts[self.at - 1]

    @property
    def is_at_end(self) -> bool:
        """Whether every line was given."""
        return self.at == len(self.texts)


def _parts(piece: bytes) -> Iterator[bytes]:
    """A piece in smaller ones, so that one odd line takes few others the slower way."""
    at = 0
    while at < len(piece):
        end = max(piece.rfind(b"\n", at, at + _PART_BYTES), piece.rfind(b"\r", at, at + _PART_BYTES - 1)) + 1
        if end <= at or at + _PART_BYTES >= len(piece):
            found = piece.find(b"\n", at + _PART_BYTES) + 1
            end = found or len(piece)
        yield piece[at:end]
        at = end


def _offset(piece: bytes, line: int) -> int:
    """Where a line of a piece begins, by its number from 0."""
    return sum(map(len, piece.splitlines(keepends=True)[:line]))


def _may_be_one_text(line: str, fields: Sequence[str], delimiter: str, quote: str) -> bool:
    """Whether a quote within one field and one at the end of a later field may have enclosed a text: what lost the
    delimiter before its quote falls apart at the delimiters in it."""
    if quote not in "".join(fields):
        return False
    # Only where fields stand as they are, not in quotes of their own, can a quote be half of a pair.
    line = delimiter + line.rstrip("\r\n") + delimiter
    bare = [text for text in fields if quote in text and delimiter + text + delimiter in line]
    begun = False
    for text in bare:
        if begun and text.endswith(quote) and text.count(quote) == 1:
            return True
        begun = begun or 0 < text.find(quote) < len(text) - 1
    return False


def _has_text(fields: Sequence[str]) -> bool:
    return any(text and not text.isspace() for text in fields)


def _is_unicode(fields: Sequence[str]) -> bool:
    try:
        "".join(fields).encode()
    except UnicodeEncodeError:
        return False
    return True
