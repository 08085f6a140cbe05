"""Delimited text files of any dialect. A position is the line on which a record begins.

How the file is written is declared in the contract or found out, and told either way. `read` takes a file of a contract,
`survey` any table at all. The steps have modules of their own: bytes to text in `delimited_bytes`, finding out in
`delimited_dialect`, text to records in `delimited_records`, what is no row in `delimited_body`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from schemas.contract import Extract, Records
from schemas.dialect import Dialect
from schemas.legacy_text import decoded
from schemas.parsing import CHANGE
from warehouse import headers
from warehouse.readers import delimited_bytes, delimited_dialect, delimited_records
from warehouse.readers.delimited_body import Body
from warehouse.readers.delimited_bytes import Source, Text
from warehouse.readers.delimited_dialect import DELIMITERS
from warehouse.readers.delimited_records import PLACE, Form
from warehouse.readers.limits import check_columns
from warehouse.readers.reading import EXTRA, Broken, Reading, Refusal

_HEADER_WITHIN_LINES = 60
_BEYOND_ASCII_TEXT = r"[^\x20-\x7e]"


@dataclass(frozen=True)
class Survey:
    """What a delimited file without a contract holds.

    titles: as they stand in the file, none when it has none; a damaged header may have more or fewer than rows have
    fields. reading: batches of `source_sheet` (null), `source_row` and a text column per place, named "0", "1" and so on;
    what is broken and set aside is complete once they are exhausted. dialect: as declared or found.
    """

    titles: tuple[str, ...]
    width: int
    dialect: Dialect
    reading: Reading

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Every row with the line on which it begins."""
        for batch in self.reading.batches:
            for line, *texts in batch.select(PLACE, *map(str, range(self.width))).iter_rows():
                yield line, tuple(texts)


def survey(source: Source, dialect: Dialect | None = None) -> Survey:
    """Read any delimited file (a path, plain or zstd-compressed; a stream; bytes) without a contract.

    Nothing is lost: every record is a row, set aside by kind, or broken with its line and reason. Raises Refusal
    "file.empty" or "file.unreadable".
    """
    dialect = dialect or Dialect()
    text = delimited_bytes.opened(source, dialect)
    sample = _sample(text)
    form = delimited_dialect.found_form(sample, dialect)
    table = delimited_dialect.found_table(sample, form, dialect)
    titles = dialect.titles or tuple(_title(title, text) for title in table.titles)
    reading = Reading(iter(()), found_as=_found_as(text, form, dialect))
    names = titles if len(titles) == table.width else ()
    reading.set_aside["heading"] += table.first_line - 1
    if titles and not names and table.title_lines:
        reading.set_aside["heading"] -= len(table.title_lines)
        reason = "too many columns" if len(titles) > table.width else "missing column"
        reading.broken.extend(Broken(line, reason) for line in table.title_lines)
    records = delimited_records.Records(
        form, table.width, reading, table.surplus, lambda place: names[place] if place < len(names) else str(place)
    )
    body = Body(records, names, knows_totals=False)
    frames = _rows(text, records, body, table.first_line, dialect)
    places = {str(place): str(place) for place in range(table.width)}
    reading.batches = _told(text, reading, (_in_unicode(frame, places, text.old_encoding) for frame in frames))
    complete = replace(
        dialect,
        encoding=text.encoding,
        delimiter=form.delimiter,
        quote=form.quote,
        escape=form.escape,
        header_rows=len(table.title_lines) if dialect.header_rows is None else dialect.header_rows,
    )
    return Survey(titles, table.width, complete, reading)


def read(path: Path, extract: Extract) -> Reading:
    """Open a delimited file of a contract. Raises Refusal when it cannot be understood or has not the columns it must."""
    dialect = extract.layout.dialect if isinstance(extract.layout, Records) else Dialect()
    text = delimited_bytes.opened(path, dialect)
    header = _header(text, extract, dialect)
    check_columns(header.width, "CSV")
    matched = header.matched
    reading = Reading(
        iter(()),
        extra_titles=tuple(matched.extra.values()),
        found_as=_found_as(text, header.form, dialect)
        | {"header_line": str(header.line), "header": matched.fingerprint},
    )
    reading.set_aside["heading"] += header.last_line
    records = delimited_records.Records(header.form, header.width, reading, header.surplus, matched.columns.get)
    body = Body(records, header.titles, is_summed=bool(extract.layout.summed))
    rows = _rows(text, records, body, header.last_line + 1, dialect)
    if refusal := headers.incomplete(matched, extract):
        if refusal.code == "file.missing_column":
            count = sum(frame.height for frame in rows) + len(reading.broken)
            refusal = refusal.counting(count, reading.set_aside.total())
        raise refusal
    if beside := headers.repeated(header.titles, extract):
        raise Refusal("file.ambiguous_records", f"cột / columns {', '.join(str(place + 1) for place in beside)}")
    names = {str(place): name for place, name in matched.columns.items()}
    names |= {str(place): EXTRA + title for place, title in matched.extra.items()}
    names = {place: name for place, name in names.items() if int(place) < header.width}
    reading.batches = _told(text, reading, (_in_unicode(frame, names, text.old_encoding) for frame in rows))
    return reading


@dataclass(frozen=True)
class _Header:
    """Where the titles stand (a line, from 1; 0 when there are none), how the file is written, what the titles mean."""

    line: int
    last_line: int
    form: Form
    titles: tuple[str, ...]
    width: int
    matched: headers.Match
    surplus: int = 0


def _rows(
    text: Text, records: delimited_records.Records, body: Body, first_line: int, dialect: Dialect
) -> Iterator[pl.DataFrame]:
    """The rows from a line on, without titles, other tables and what is below the last row."""
    pieces = _below(text.pieces(), first_line - 1)
    pieces, left_out = delimited_bytes.without_last_lines(pieces, dialect.footer_lines or 0)
    yield from body.rows(records.frames(pieces, first_line), keeps_end=dialect.footer_lines is not None)
    records.reading.set_aside.update(left_out)


def _told(text: Text, reading: Reading, frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The frames; after the last one, what is broken is in order, and what ended the lines is known."""
    yield from frames
    reading.broken.sort(key=lambda broken: broken.row)
    ends = sorted(text.line_ends)
    reading.found_as["line_end"] = "mixed" if len(ends) > 1 else repr(ends[0])[1:-1]


def _found_as(text: Text, form: Form, dialect: Dialect) -> dict[str, str]:
    escape = {"": "none", "\\": "backslash"}.get(form.escape, "doubled")
    found = {
        "format": "csv",
        "encoding": text.encoding,
        "delimiter": form.delimiter,
        "quote": form.quote or "none",
        "escape": escape if form.quote else "none",
    }
    return found | ({"declared": ", ".join(dialect.declared)} if dialect.declared else {})


def _sample(text: Text) -> bytes:
    if not text.first.strip(b"\r\n \t\x00"):
        raise Refusal("file.empty", "0")
    return delimited_dialect.sample_of(text.first)


def _title(title: str, text: Text) -> str:
    return decoded(title, text.old_encoding) if text.old_encoding else title


def _unquoted(title: str, quote: str) -> str:
    """A title out of quotes that only spaces kept from being its own: `So , "Ten" , Ngay`."""
    is_quoted = len(title) > 1 and quote and title[0] == title[-1] == quote
    return title[1:-1].strip() if is_quoted else title


def _below(pieces: Iterator[bytes], lines: int) -> Iterator[bytes]:
    """The pieces without their first lines."""
    for piece in pieces:
        if not lines:
            yield piece
            continue
        held = piece.splitlines(keepends=True) if delimited_bytes.lines_in(piece) <= lines else None
        if held is not None:
            lines -= len(held)
            continue
        at = 0
        for _ in range(lines):
            ends = [end for end in (piece.find(b"\n", at), piece.find(b"\r", at)) if end >= 0]
            at = min(ends) + 1
            at += piece[at - 1 : at + 1] == b"\r\n"
        lines = 0
        yield piece[at:]


def _in_unicode(frame: pl.DataFrame, names: Mapping[str, str], encoding: str | None) -> pl.DataFrame:
    """The columns of a frame under their names, out of an old encoding, with notes on what that changed."""
    columns = [frame[place].alias(name) for place, name in names.items()]
    changes: list[pl.Series] = []
    if encoding:
        for at, texts in enumerate(columns):
            columns[at], is_changed = _decoded(texts, encoding)
            if is_changed.any() and not texts.name.startswith(EXTRA):
                changes.append(is_changed.alias(f"{CHANGE}{texts.name}:{encoding}"))
    rows = pl.DataFrame([frame[PLACE], *columns, *changes])
    return rows.select(pl.lit(None, pl.String).alias("source_sheet"), pl.all())


def _decoded(texts: pl.Series, encoding: str) -> tuple[pl.Series, pl.Series]:
    beyond = texts.filter(texts.str.contains(_BEYOND_ASCII_TEXT)).unique()
    letters = [decoded(text, encoding) for text in beyond]
    decoded_texts = texts.replace(beyond, pl.Series(letters, dtype=pl.String)) if letters else texts
    return decoded_texts, decoded_texts != texts


def _header(text: Text, extract: Extract, dialect: Dialect) -> _Header:
    """The line, the delimiter and the quotes under which most columns of the contract are found."""
    sample = _sample(text)
    if dialect.header_rows == 0:
        return _without_header(sample, extract, dialect)
    best: _Header | None = None
    for delimiter in [dialect.delimiter] if dialect.delimiter else _delimiters(sample):
        quote = delimited_dialect.quote_of(sample, delimiter, dialect)
        form = Form(delimiter, quote, quote, dialect.comment, dialect.longest_line_bytes)
        for header in _headers(sample, form, text, extract, dialect):
            if best is None or len(header.matched.columns) > len(best.matched.columns):
                best = header
            if _is_whole(best):
                return _with_quotes(sample, best, dialect)
    if best is None:
        raise Refusal("file.header_not_found", headers.NO_TITLES)
    return _with_quotes(sample, best, dialect)


def _is_whole(header: _Header) -> bool:
    return not header.matched.missing and len(header.matched.columns) > 1


def _delimiters(sample: bytes) -> list[str]:
    """What may part titles: also two characters, where a space stands between a delimiter and a quote."""
    found = delimited_dialect.delimiters_in(sample)
    return [f"{one} " for one in found if any(f"{one} {quote}".encode() in sample for quote in "\"'")] + found


def _headers(sample: bytes, form: Form, text: Text, extract: Extract, dialect: Dialect) -> Iterator[_Header]:
    """Every place near the beginning where titles may stand."""
    rows = dialect.header_rows or 1
    records = delimited_dialect.parsed(sample, form, _HEADER_WITHIN_LINES)
    for at, record in enumerate(records):
        together = records[at : at + rows]
        if not record.filled or (dialect.preamble_lines is not None and record.line <= dialect.preamble_lines):
            continue
        # A line that is not parted at all may be a title above the table, but not its header.
        if len(record.fields) < 2 and form.delimiter != DELIMITERS[0]:
            continue
        titles = delimited_dialect.joined([record.fields for record in together])
        if record.is_sound:
            titles = tuple(_unquoted(title, form.quote) for title in titles)
        titles = tuple(_title(title, text) for title in titles)
        last = together[-1]
        yield _Header(
            record.line,
            last.line + last.lines - 1,
            form,
            titles,
            len(titles),
            headers.match(_named(titles), extract),
        )
        if dialect.preamble_lines is not None:
            return


def _with_quotes(sample: bytes, header: _Header, dialect: Dialect) -> _Header:
    """The same header with the quotes, escapes and width of the rows below it."""
    below = b"".join(_below(iter((sample,)), header.last_line))
    if not below:
        return header
    quote, escape = delimited_dialect.quoting(below, header.form.delimiter, dialect)
    form = replace(header.form, quote=quote, escape=escape)
    form = delimited_dialect.spaced(below, form, dialect)
    records = delimited_dialect.parsed(below, form)
    widths = [len(record.fields) for record in records if record.filled]
    usual = max(set(widths), key=widths.count, default=header.width)
    # Titles that stand for nothing may go beyond the last field of the rows.
    is_shorter = usual < header.width and not any(title.strip() for title in header.titles[usual:])
    width = usual if is_shorter else header.width
    surplus = delimited_dialect.surplus_of(records, width)
    return replace(header, form=form, titles=header.titles[:width], width=width, surplus=surplus)


def _without_header(sample: bytes, extract: Extract, dialect: Dialect) -> _Header:
    """A file that begins with rows: its columns are those declared, in their order."""
    form = delimited_dialect.found_form(sample, dialect)
    above = dialect.preamble_lines or 0
    if dialect.titles:
        matched = headers.match(dialect.titles, extract)
        return _Header(0, above, form, (), len(dialect.titles), matched)
    names = [column.name for column in extract.columns]
    return _Header(0, above, form, (), len(names), headers.Match(dict(enumerate(names)), {}, ()))


def _named(titles: Sequence[str]) -> list[str]:
    """Titles, each different: what stands below an empty or a repeated one is parked, not lost."""
    named: list[str] = []
    for place, title in enumerate(titles, 1):
        named.append(title if title.strip() and title not in named else f"{title.strip()}#{place}")
    return named
