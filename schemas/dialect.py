"""How a delimited text file is written: what a contract may declare of it, and what a reader found.

Only the declaration; finding out what is not declared belongs to `warehouse.readers`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Dialect:
    """The writing of a delimited file. None is found out from each file; what is declared is not guessed. Line ends need no
    declaration: a line feed, a carriage return and both together all end a line, also mixed in one file.

    encoding: a Unicode encoding, one of `schemas.legacy_text.ENCODINGS` ("tcvn3", "vni", "cp1258", "viscii", "vps"), or
    any encoding that Python knows. delimiter: one or several characters. quote: a character, "" for none.
    escape: what stands before a quote within quotes: the quote itself (doubled), a backslash, any other character, or ""
    when quotes within quotes stand as they are, so that only one at an edge of a field ends it.
    preamble_lines: lines above the titles. header_rows: rows of titles; with 0 the titles are `titles`, or else the
    contract's columns in their order. footer_lines: lines below the last row. comment: what begins a line that is no
    row. longest_line_bytes: a longer line is told, not read.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    preamble_lines: int | None = None
    header_rows: int | None = None
    titles: tuple[str, ...] = ()
    footer_lines: int | None = None
    comment: str | None = None
    longest_line_bytes: int | None = None

    def __post_init__(self) -> None:
        """Refuse a declaration that no file could be written in."""
        if self.delimiter == "" or (self.delimiter and set(self.delimiter) & {"\n", "\r", self.quote or "\n"}):
            raise ValueError("a delimiter is one or more characters, none of them a line end or the quote")
        if self.quote is not None and len(self.quote) > 1:
            raise ValueError("a quote is one character or none")
        if self.escape is not None and len(self.escape) > 1:
            raise ValueError("an escape is one character or none")

    @property
    def declared(self) -> tuple[str, ...]:
        """The names of what is declared."""
        return tuple(item.name for item in fields(self) if getattr(self, item.name) not in (None, ()))
