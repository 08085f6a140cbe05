"""Finding out from its beginning how a delimited file is written: delimiter, quotes, escapes, and where its titles stand.

What is declared is taken as it is. Every way of writing is tried on the sample; the one that gives rows of one width with
values of known kinds is taken.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from schemas.dialect import Dialect
from warehouse.readers.delimited_bytes import OVERLONG
from warehouse.readers.delimited_records import Form, lenient_fields, lines_of, plain

DELIMITERS = (",", ";", "\t", "|", "^", "~", "||", "::", ":", " ")
"""Tried in this order; among equals the first wins."""

_COMMON_IN_TEXTS = (" ", ":")
_SAMPLE_BYTES = 1 << 17
_SAMPLE_LINES = 400
_MOST_HEADER_ROWS = 3
_FEWEST_ALONE = 3
_KNOWN = re.compile(
    r"""\s*(?:
        [-+]?[$€£]?\s?\d[\d.,\u00a0 ]*(?:[eE][-+]?\d+)?\s?[%₫đ]?          # a number, an amount, a share
      | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?\S*)?  # a day, perhaps with a time
      | \d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?                         # a time
    )\s*""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"\s*(?:[\w .\-/&()'+]*|\w+://\S+|[\w.+-]+@[\w.-]+)\s*")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Record:
    """A record of the sample: the line it begins on (from 1), the lines it takes, its fields; sound if its quotes are."""

    line: int
    lines: int
    fields: list[str]
    is_sound: bool

    @property
    def filled(self) -> int:
        """How many fields hold any text."""
        return sum(bool(text.strip()) for text in self.fields)


@dataclass(frozen=True)
class Table:
    """Where the rows of a table stand and what they are called: titles may be none, and more or fewer than fields.

    surplus: how many fields without a title, all empty, end every row.
    """

    first_line: int
    width: int
    titles: tuple[str, ...]
    title_lines: tuple[int, ...] = ()
    surplus: int = 0


def sample_of(piece: bytes) -> bytes:
    """The lines by which the writing of a file is told."""
    sample = piece[:_SAMPLE_BYTES]
    if len(piece) > len(sample):
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b"\r")) + 1] or sample
    return sample


def parsed(sample: bytes, form: Form, most: int = _SAMPLE_LINES) -> list[Record]:
    """The first records of a sample; a line whose quotes do not hold is taken by itself, as far as it can be."""
    return list(islice(_records(sample, form), most))


def _records(sample: bytes, form: Form) -> Iterator[Record]:
    text = plain(sample, form)
    lines = lines_of(text.text.decode("utf-8", "replace"))
    at = 0
    while at < len(lines):
        line = lines[at]
        fields, taken, is_sound = [], 1, True
        if not (form.comment and line.startswith(form.comment)) and OVERLONG.decode() not in line:
            reader = csv.reader(
                islice(lines, at, None),
                delimiter=text.delimiter,
                quotechar=form.quote or None,
                quoting=csv.QUOTE_MINIMAL if form.quote else csv.QUOTE_NONE,
                strict=True,
            )
            try:
                fields = next(reader)
                taken = reader.line_num
            except csv.Error:
                fields, _ = lenient_fields(line.rstrip("\r\n"), text.delimiter, form.quote)
                is_sound = False
        yield Record(at + 1, taken, [text.restored(value) for value in fields], is_sound)
        at += taken


def quoting(sample: bytes, delimiter: str, dialect: Dialect) -> tuple[str, str]:
    """The quote and the escape with which most lines hold; quotes doubled, unless something else is plainly better."""
    quote = quote_of(sample, delimiter, dialect)
    if dialect.escape is not None or not quote:
        return quote, dialect.escape or ""
    best: tuple[float, str] | None = None
    escapes = [quote, *_escapes(sample.decode("utf-8", "replace"), quote)]
    for escape in escapes if len(escapes) > 1 else ():
        form = Form(delimiter, quote, escape, dialect.comment)
        merit = _merit(parsed(sample, form)) + (0.1 if escape == "\\" else 0)
        if best is None or merit > best[0]:
            best = merit, escape
    return quote, best[1] if best else quote


def quote_of(sample: bytes, delimiter: str, dialect: Dialect) -> str:
    """The quote: an apostrophe when most fields that begin with one end with one, and they are not few."""
    if dialect.quote is not None:
        return dialect.quote
    if b"'" not in sample:
        return '"'
    text = sample.decode("utf-8", "replace")
    edge = re.escape(delimiter)
    enclosed = {
        quote: len(re.findall(f"(?:^|(?<=[\r\n])|(?<={edge})){quote}[^\r\n]*?{quote}(?=[\r\n]|{edge})", text))
        for quote in "\"'"
    }
    lines = text.count("\n") or text.count("\r")
    return "'" if enclosed["'"] > max(enclosed['"'], lines / 2) else '"'


def _escapes(text: str, quote: str) -> Iterator[str]:
    """Other escapes worth a try: a backslash before a quote, or a quote in the middle of a field."""
    if "\\" + quote in text:
        yield "\\"
    # Where quotes are doubled, a few that stand alone are faults, not the way the file is written.
    alone = len(re.findall(rf"[\w ]{quote}[\w ]", text))
    if alone >= _FEWEST_ALONE and alone > len(re.findall(rf"\w{quote}{quote}", text)):
        yield ""


def _merit(records: Sequence[Record]) -> float:
    """How many records hold and are of the commonest width."""
    widths = Counter(len(record.fields) for record in records if record.is_sound and record.fields)
    return max(widths.values(), default=0) - sum(not record.is_sound for record in records)


def delimiters_in(sample: bytes) -> list[str]:
    """The delimiters that may part a sample: not one character where it always stands twice."""
    counts = {delimiter: sample.count(delimiter.encode()) for delimiter in DELIMITERS}
    return [one for one, count in counts.items() if count and counts.get(one * 2, 0) * 2 != count]


def found_form(sample: bytes, dialect: Dialect) -> Form:
    """The writing under which a sample looks most like a table."""
    candidates = [dialect.delimiter] if dialect.delimiter else delimiters_in(sample)
    best: tuple[float, Form] | None = None
    for delimiter in candidates:
        form = Form(delimiter, *quoting(sample, delimiter, dialect), dialect.comment, dialect.longest_line_bytes)
        if dialect.delimiter:
            return spaced(sample, form, dialect)
        records = [record for record in parsed(sample, form) if record.filled]
        # Spaces and colons are in most texts: they part nothing unless they part every line alike.
        if delimiter in _COMMON_IN_TEXTS and len({len(record.fields) for record in records}) > 1:
            continue
        merit = _tabular(records)
        if best is None or merit > best[0]:
            best = merit, form
    if best is None or best[0] <= 0:
        # One column: nothing in the text parts anything.
        return Form("\x1f", '"', '"', dialect.comment, dialect.longest_line_bytes)
    return spaced(sample, best[1], dialect)


def spaced(sample: bytes, form: Form, dialect: Dialect) -> Form:
    """The same form with a delimiter of two characters where a space follows every delimiter, as in "a, "b, c"."""
    two = form.delimiter + " "
    if dialect.delimiter or not form.quote or f"{two}{form.quote}".encode() not in sample:
        return form
    wider = Form(two, *quoting(sample, two, dialect), form.comment, form.longest_line_bytes)
    narrow = parsed(sample, form)
    sound = [record.fields for record in narrow if record.is_sound]
    is_spaced = any(text.startswith(" " + form.quote) for fields in sound for text in fields)
    return wider if is_spaced and _merit(parsed(sample, wider)) >= _merit(narrow) else form


def _tabular(filled: Sequence[Record]) -> float:
    """How much records look like a table: few widths, many fields, values of known kinds (after van den Burg, Nazábal
    and Sutton, "Wrangling messy CSV files by detecting row and type patterns", 2019)."""
    if not filled:
        return 0.0
    widths = Counter(len(record.fields) for record in filled)
    pattern = sum(count * (width - 1) / width for width, count in widths.items()) / len(widths)
    cells = [text for record in filled for text in record.fields]
    known = sum(bool(_KNOWN.fullmatch(text)) or bool(_PLAIN.fullmatch(text)) for text in cells)
    unsound = sum(not record.is_sound for record in filled)
    return pattern * max(known / len(cells), 1e-3) * (1 - unsound / len(filled) / 2)


def found_table(sample: bytes, form: Form, dialect: Dialect) -> Table:
    """Where the table stands in the sample."""
    records = parsed(sample, form)
    width = _width(records)
    begin = _begin(records, width, dialect)
    if begin is None:
        return Table(len(records) + 1, max(width, 1), ())
    rows = dialect.header_rows
    if rows is None:
        rows = _header_rows(records, begin, width)
    at = begin
    titles = [record for record in records[at : at + rows] if rows]
    after = titles[-1].line + titles[-1].lines if titles else records[at].line
    names = joined([_split(record, width) for record in titles])
    surplus = surplus_of([record for record in records if record.line >= after], len(names)) if names else 0
    return Table(after, len(names) if surplus else width, names, tuple(record.line for record in titles), surplus)


def surplus_of(records: Sequence[Record], width: int) -> int:
    """How many empty fields beyond a width end the rows: none when they hold anything, or when rows differ in them."""
    filled = [record.fields for record in records if record.filled]
    widths = Counter(map(len, filled))
    usual = max(widths, key=lambda found: widths[found], default=width)
    is_empty = not any(any(text.strip() for text in fields[width:]) for fields in filled if len(fields) == usual)
    return usual - width if usual > width and is_empty else 0


def _width(records: Sequence[Record]) -> int:
    # The last record of a sample may be cut, and is then as unsound as one whose quotes do not hold.
    telling = [record for record in records if record.is_sound] or records
    widths = Counter(len(record.fields) for record in telling if record.filled and len(record.fields) > 1)
    return max(widths, key=lambda width: (widths[width], width)) if widths else 1


def _begin(records: Sequence[Record], width: int, dialect: Dialect) -> int | None:
    """The first record that is a row or a title: what stands above it are lines of a heading."""
    if dialect.preamble_lines is not None:
        below = (at for at, record in enumerate(records) if record.line > dialect.preamble_lines and record.filled)
        return next(below, None)
    needed = min(width, max(2, (width + 1) // 2))
    first = next(
        (at for at, r in enumerate(records) if len(r.fields) == width and r.filled >= needed),
        next((at for at, r in enumerate(records) if r.filled), None),
    )
    if not first:
        return first
    # Titles that lost or gained a delimiter are of another width than their rows.
    above, row = records[first - 1], records[first]
    is_title_row = _is_title_row(row, _bodies(records, first, width), width)
    if is_title_row or not above.filled or abs(len(_split(above, width)) - width) > 1:
        return first
    return first - 1 if _is_title_row(above, _bodies(records, first, width), width) else first


def _split(record: Record, width: int) -> list[str]:
    """The titles of a record; one that is not parted like the rows may be parted by something else."""
    if len(record.fields) == 1 < width:
        (text,) = record.fields
        for delimiter in DELIMITERS:
            if len(parts := text.split(delimiter)) == width:
                return [part.strip("\"'") for part in parts]
    return record.fields


def _bodies(records: Sequence[Record], above: int, width: int) -> list[list[str]]:
    below = records[above + 1 :]
    return [record.fields for record in below if len(record.fields) == width and record.filled and record.is_sound]


def _header_rows(records: Sequence[Record], begin: int, width: int) -> int:
    rows = 0
    for record in records[begin : begin + _MOST_HEADER_ROWS]:
        bodies = _bodies(records, begin + rows, width)
        # Below the first row of titles only a table of typed columns tells titles from texts.
        if not record.filled or not _is_title_row(record, bodies, width, is_first=not rows):
            break
        rows += 1
    return rows


def _is_title_row(record: Record, bodies: Sequence[list[str]], width: int, *, is_first: bool = True) -> bool:
    """Whether a record names the columns of the rows below it: texts above numbers and days."""
    cells = [text.strip() for text in _split(record, width)]
    if any(_KNOWN.fullmatch(text) for text in cells if text and not re.fullmatch(r"(19|20)\d\d", text)):
        return False
    if not bodies:
        return is_first and not any(_DIGIT.search(text) for text in cells)
    typed = [place for place in range(width) if _is_typed([row[place] for row in bodies])]
    if len(cells) != width:
        return is_first
    if typed:
        return sum(bool(cells[place]) for place in typed) >= len(typed) / 2
    is_repeated = any(
        cell and cell in {row[place].strip() for row in bodies} for place, cell in enumerate(cells[:width])
    )
    return is_first and not is_repeated and len(set(cells)) == len(cells) and all(cells)


def _is_typed(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text.strip()]
    return bool(filled) and sum(bool(_KNOWN.fullmatch(text)) for text in filled) >= 0.8 * len(filled)


def joined(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One title per column of one or more rows of titles."""
    if not rows:
        return ()
    width = max(map(len, rows))
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    return tuple(" ".join(text for part in parts if (text := part.strip())) for parts in zip(*padded, strict=True))
