"""Delimited text files (comma, semicolon, tab or bar), UTF-8 or UTF-16. A position is the line on which a record begins.

A file is read in pieces that end with a line, so that its size does not matter. A piece in which every line is a plain
record goes through Polars' parser; any other is taken line by line, which tells broken lines from records that hold line
breaks. Broken lines are told, the rest is read.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import zstandard

from schemas.contract import Extract
from warehouse import headers
from warehouse.readers.reading import EXTRA, Broken, Reading, Refusal

_DELIMITERS = ",;\t|"
_HEADER_WITHIN_LINES = 30
_PIECE_BYTES = 8 << 20
_LONGEST_LINE_BYTES = 32 << 20


def read(path: Path, extract: Extract) -> Reading:
    """Open a zstd-compressed delimited file. Raises Refusal when it cannot be understood or has not the columns it must."""
    encoding = _encoding(path)
    header = _header(next(_pieces(path, encoding), b""), extract)
    reading = Reading(
        iter(()),
        extra_titles=tuple(header.matched.extra.values()),
        found_as={"format": "csv", "encoding": encoding, "delimiter": header.delimiter},
    )
    reading.set_aside["heading"] += header.line
    records = _Records(header.delimiter, header.width, reading)
    frames = records.frames(_below(_pieces(path, encoding), header.line), header.line + 1)
    if refusal := headers.incomplete(header.matched, extract):
        if refusal.code == "file.missing_column":
            rows = sum(frame.height for frame in frames) + len(reading.broken)
            refusal = refusal.counting(rows, reading.set_aside.total())
        raise refusal
    names = {str(place): name for place, name in header.matched.columns.items()}
    names |= {str(place): EXTRA + title for place, title in header.matched.extra.items()}
    reading.batches = (
        frame.select(
            pl.lit(None, pl.String).alias("source_sheet"),
            "source_row",
            *(pl.col(place).alias(name) for place, name in names.items()),
        )
        for frame in frames
    )
    return reading


@dataclass(frozen=True)
class _Header:
    """Where the titles stand (a line, from 1), what parts them, how many there are and what they mean."""

    line: int
    delimiter: str
    width: int
    matched: headers.Match


def _encoding(path: Path) -> str:
    with path.open("rb") as packed:
        start = zstandard.ZstdDecompressor().stream_reader(packed).read(2)
    return "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"


def _pieces(path: Path, encoding: str) -> Iterator[bytes]:
    """The file as UTF-8 without a mark, in pieces of whole lines, every line ended."""
    decoder = codecs.getincrementaldecoder(encoding)() if encoding != "utf-8" else None
    with path.open("rb") as packed:
        stream = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
        rest, is_first = b"", True
        while block := stream.read(_PIECE_BYTES):
            try:
                block = decoder.decode(block).encode() if decoder else block
            except UnicodeError:
                raise Refusal("file.unreadable", encoding) from None
            if is_first:
                block, is_first = block.removeprefix(codecs.BOM_UTF8), False
            cut = block.rfind(b"\n") + 1
            if len(rest) + (cut or len(block)) > _LONGEST_LINE_BYTES + _PIECE_BYTES:
                raise Refusal("file.unreadable", f"CSV, 1 line > {_LONGEST_LINE_BYTES >> 20} MB")
            if cut:
                yield rest + block[:cut]
                rest = block[cut:]
            else:
                rest += block
        if rest:
            yield rest + b"\n"


def _below(pieces: Iterator[bytes], lines: int) -> Iterator[bytes]:
    """The pieces without their first lines, all of which stand in the first piece."""
    first = next(pieces)
    for _ in range(lines):
        first = first[first.index(b"\n") + 1 :]
    if first:
        yield first
    yield from pieces


def _header(piece: bytes, extract: Extract) -> _Header:
    """The line and the delimiter that match most columns of the contract."""
    if not piece.strip():
        raise Refusal("file.empty", "0")
    best: _Header | None = None
    for number, line in enumerate(piece.split(b"\n", _HEADER_WITHIN_LINES)[:_HEADER_WITHIN_LINES], 1):
        text = line.decode("utf-8", "replace").strip("\r")
        for delimiter in _DELIMITERS:
            if delimiter not in text:
                continue
            titles = _titles(text, delimiter)
            found = _Header(number, delimiter, len(titles), headers.match(_named(titles), extract))
            if best is None or len(found.matched.columns) > len(best.matched.columns):
                best = found
        if best and not best.matched.missing:
            return best
    if best is None:
        raise Refusal("file.header_not_found", "0")
    return best


def _titles(line: str, delimiter: str) -> list[str]:
    """The cells of a line; none when one is too long to be a title."""
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return []


def _named(titles: list[str]) -> list[str]:
    """Titles, each different: what stands below an empty or a repeated one is parked, not lost."""
    named: list[str] = []
    for place, title in enumerate(titles, 1):
        named.append(title if title.strip() and title not in named else f"{title.strip()}#{place}")
    return named


@dataclass
class _Records:
    """Turns pieces into frames: `source_row` and one text column per place, named by its number from 0.

    Broken lines and lines without any text go into the account of the reading.
    """

    delimiter: str
    width: int
    reading: Reading
    _places: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self._places = [str(place) for place in range(self.width)]

    def frames(self, pieces: Iterator[bytes], first_line: int) -> Iterator[pl.DataFrame]:
        """The records of the pieces, of which the first begins on `first_line`."""
        begun = b""
        for piece in pieces:
            piece = begun + piece
            lines = piece.count(b"\n")
            frame = self._of_plain(piece, lines, first_line)
            if frame is None:
                frame, begun = self._of_any(piece, first_line, is_last=False)
                lines -= begun.count(b"\n")
            else:
                begun = b""
            first_line += lines
            yield self._without_blank(frame)
        if begun:
            frame, _ = self._of_any(begun, first_line, is_last=True)
            yield self._without_blank(frame)

    def _of_plain(self, piece: bytes, lines: int, first_line: int) -> pl.DataFrame | None:
        """A piece in which every line is one whole record; None when there is any doubt of that."""
        is_quoted = b'"' in piece
        try:
            frame = pl.read_csv(
                piece,
                has_header=False,
                schema=dict.fromkeys(self._places, pl.String),
                separator=self.delimiter,
                quote_char='"' if is_quoted else None,
                empty_string_is_null=False,
                infer_schema=False,
                extra_columns="raise",
                missing_columns="raise",
            )
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            return None
        if frame.height != lines:
            return None
        between = piece.count(self.delimiter.encode())
        if is_quoted:
            texts = pl.all().str
            within = frame.select(texts.count_matches(self.delimiter, literal=True).sum()).row(0)
            between -= sum(within)
            # A quote in a value was doubled, stray or left open; all others only enclosed one.
            if any(frame.select(texts.contains('"', literal=True).any()).row(0)):
                return None
        # No line has too many fields, so if any had too few there would be too few delimiters.
        if between != lines * (self.width - 1):
            return None
        return frame.select(
            pl.int_range(first_line, first_line + lines, dtype=pl.Int64).alias("source_row"), *self._places
        )

    def _of_any(self, piece: bytes, first_line: int, *, is_last: bool) -> tuple[pl.DataFrame, bytes]:
        """Any piece, line by line; also the lines of a record that has begun and does not end in this piece."""
        text = piece.decode("utf-8", "surrogateescape")
        lines = _Lines([line + "\n" for line in text.removesuffix("\n").split("\n")])
        rows: list[int] = []
        records: list[list[str]] = []
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        while lines.at < len(lines.texts):
            start = lines.at
            try:
                fields = next(reader)
            except csv.Error:
                if lines.is_at_end and not is_last:
                    return self._framed(rows, records), lines.rest(start)
                self._break(lines, start, first_line, "unreadable quotes")
                continue
            if fields and len(fields) != self.width:
                self._break(
                    lines, start, first_line, "too many fields" if len(fields) > self.width else "missing fields"
                )
            elif not _is_unicode(fields):
                self._break(lines, start, first_line, "invalid encoding")
            else:
                rows.append(first_line + start)
                records.append(fields or [""] * self.width)
        return self._framed(rows, records), b""

    def _break(self, lines: _Lines, start: int, first_line: int, reason: str) -> None:
        """Tell a line and go on with the next one: a quote left open must not swallow the lines below it."""
        self.reading.broken.append(Broken(first_line + start, reason))
        lines.at = start + 1

    def _framed(self, rows: list[int], records: list[list[str]]) -> pl.DataFrame:
        columns = zip(*records, strict=True) if records else [()] * self.width
        return pl.DataFrame(
            [
                pl.Series("source_row", rows, dtype=pl.Int64),
                *(pl.Series(place, texts, dtype=pl.String) for place, texts in zip(self._places, columns, strict=True)),
            ]
        )

    def _without_blank(self, frame: pl.DataFrame) -> pl.DataFrame:
        if not (frame["0"].str.strip_chars() == "").any():
            return frame
        is_blank = frame.select(pl.all_horizontal(pl.col(self._places).str.strip_chars() == "")).to_series()
        if blank := int(is_blank.sum()):
            self.reading.set_aside["blank"] += blank
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

    def rest(self, start: int) -> bytes:
        """The bytes from a line on."""
        return "".join(self.texts[start:]).encode("utf-8", "surrogateescape")


def _is_unicode(fields: list[str]) -> bool:
    try:
        "".join(fields).encode()
    except UnicodeEncodeError:
        return False
    return True
