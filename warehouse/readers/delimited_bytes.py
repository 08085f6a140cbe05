"""The bytes of a delimited file as UTF-8 text in pieces of whole lines, whatever its size and its encoding.

Encodings and line ends belong here; what is a record belongs to `delimited_records`. Texts in the old Vietnamese encodings
leave as western letters: they are decoded value by value, so that each change can be counted.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import zstandard

from schemas.dialect import Dialect
from schemas.legacy_text import ENCODINGS, encoding_of_bytes
from warehouse.readers.reading import Refusal

PIECE_BYTES = 8 << 20
LONGEST_LINE_BYTES = 32 << 20
OVERLONG = b"\x00" * 16
"""Stands for a line so long that it was not kept."""

_SAMPLE_BYTES = 1 << 18
_BLOCK_BYTES = 1 << 18
_ZSTD = b"\x28\xb5\x2f\xfd"
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ALIASES = {"windows-1258": "cp1258", "utf8": "utf-8", "utf-8-sig": "utf-8", "ascii": "utf-8", "us-ascii": "utf-8"}
# A letter of western Europe beside another letter: how French or German in Latin-1 looks, and chance bytes seldom do.
_WESTERN = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][A-Za-z]")
_HIGH = re.compile(rb"[\x80-\xff]+")


class ByteStream(Protocol):
    """Anything bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes, none at the end."""


Source = Path | bytes | ByteStream


@dataclass
class Text:
    """One file as text. `line_ends` are what ended its lines, complete once the pieces are exhausted."""

    encoding: str
    old_encoding: str | None
    line_ends: set[str]
    first: bytes
    _rest: Iterator[bytes] = field(repr=False)

    def pieces(self) -> Iterator[bytes]:
        """The pieces, once: each of whole lines, every line ended."""
        for piece in chain((self.first,) if self.first else (), self._rest):
            self._note(piece)
            yield piece

    def _note(self, piece: bytes) -> None:
        if b"\r" not in piece:
            self.line_ends.add("\n")
            return
        newlines, returns, both = piece.count(b"\n"), piece.count(b"\r"), piece.count(b"\r\n")
        counted = {"\n": newlines - both, "\r\n": both, "\r": returns - both}
        self.line_ends.update(end for end, lines in counted.items() if lines)


def opened(source: Source, dialect: Dialect) -> Text:
    """Open a file, zstd-compressed or not. Raises Refusal for an encoding that does not exist."""
    blocks = _blocks(source)
    first = next(blocks, b"")
    encoding = _declared(dialect.encoding) or _found(first)
    old = encoding if encoding in ENCODINGS else None
    pieces = _whole_lines(_as_utf8(chain((first,), blocks), "latin-1" if old else encoding))
    return Text(encoding, old, set(), next(pieces, b""), pieces)


def lines_in(piece: bytes) -> int:
    """How many lines end in a piece, as an editor counts them."""
    # Looking for a byte is much quicker than counting it.
    lone_returns = piece.count(b"\r") - piece.count(b"\r\n") if b"\r" in piece else 0
    return len(places_of(b"\n", piece)) + lone_returns


def places_of(byte: bytes, piece: bytes) -> npt.NDArray[np.intp]:
    """Where a byte stands in a piece, in order."""
    octets = np.frombuffer(piece, dtype=np.uint8)
    # In blocks that stay in the processor's cache: memory that is new to a process costs more than the comparison.
    blocks = ((at, octets[at : at + _BLOCK_BYTES] == ord(byte)) for at in range(0, len(piece), _BLOCK_BYTES))
    found = [np.flatnonzero(hits) + at for at, hits in blocks]
    return np.concatenate(found) if found else np.empty(0, dtype=np.intp)


def without_last_lines(pieces: Iterator[bytes], count: int) -> tuple[Iterator[bytes], Counter[str]]:
    """The pieces without the last lines of the file, and a counter of the "footer" lines that were left out."""
    left_out: Counter[str] = Counter()

    def kept() -> Iterator[bytes]:
        held: deque[bytes] = deque()
        for piece in pieces:
            held.append(piece)
            while len(held) > 1 and sum(lines_in(later) for later in list(held)[1:]) >= count:
                yield held.popleft()
        lines = b"".join(held).splitlines(keepends=True)
        left_out["footer"] += min(count, len(lines))
        if rest := b"".join(lines[: max(0, len(lines) - count)]):
            yield rest

    return (kept() if count else pieces), left_out


def _blocks(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield from (source[at : at + PIECE_BYTES] for at in range(0, len(source), PIECE_BYTES))
        return
    if not isinstance(source, Path):
        while block := source.read(PIECE_BYTES):
            yield block
        return
    with source.open("rb") as stream:
        is_packed = stream.peek(len(_ZSTD))[: len(_ZSTD)] == _ZSTD
        if not is_packed:
            yield from iter(lambda: stream.read(PIECE_BYTES), b"")
            return
        with closing(zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)) as unpacked:
            yield from iter(lambda: unpacked.read(PIECE_BYTES), b"")


def _declared(name: str | None) -> str | None:
    if name is None:
        return None
    name = name.lower().replace("_", "-")
    known = _ALIASES.get(name, name)
    try:
        return known if known in ENCODINGS else codecs.lookup(known).name
    except LookupError:
        raise Refusal("file.unreadable", known) from None


def _found(start: bytes) -> str:
    """The encoding of a file by how it begins; UTF-8 in doubt, where what does not fit is told line by line."""
    sample = start[:_SAMPLE_BYTES]
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    if b"\x00" not in sample and _may_begin_utf8(sample):
        return "utf-8"
    # Line ends after the sample, so that a bad byte near its end is not taken for half a letter.
    said = encoding_of_bytes(sample + b"\n" * 8)
    if said in ("utf-8", "utf-16-le", "utf-16-be"):
        return said
    text = sample.decode("utf-8", "surrogateescape")
    high = sum(char > "\x7f" for char in text)
    damaged = sum("\udc80" <= char <= "\udcff" for char in text)
    if high - damaged > damaged:
        return "utf-8"
    return said or _western(sample)


def _may_begin_utf8(sample: bytes) -> bool:
    """Whether a sample is UTF-8, perhaps cut in the middle of a letter."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _western(sample: bytes) -> str:
    runs = _HIGH.findall(sample)
    letters = len(_WESTERN.findall(sample))
    if letters < len(runs) / 2 or any(len(run) > 3 for run in runs):
        return "utf-8"
    return "cp1252" if re.search(rb"[\x80-\x9f]", sample) else "latin-1"


def _as_utf8(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The text as UTF-8 without a mark. Half a character at the end of the file leaves a byte that UTF-8 cannot have."""
    if encoding == "utf-8":
        yield from _without_mark(blocks)
        return
    # Lone halves of UTF-16 pass and make invalid UTF-8, which is told where it stands; so do bytes without a meaning.
    errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    is_first = True
    try:
        for block in blocks:
            text = decoder.decode(block)
            if is_first and text:
                text, is_first = text.removeprefix("\ufeff"), False
            yield text.encode("utf-8", "surrogatepass" if errors == "surrogatepass" else "surrogateescape")
        decoder.decode(b"", final=True)
    except UnicodeError:
        yield b"\xff\n"


def _without_mark(blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield next(blocks, b"").removeprefix(codecs.BOM_UTF8)
    yield from blocks


def _whole_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Cut at line ends. Of a line longer than memory should hold only its place is kept."""
    rest, is_overlong = b"", False
    for block in blocks:
        if is_overlong:
            ends = [at for at in (block.find(b"\n"), block.find(b"\r")) if at >= 0]
            if not ends:
                continue
            rest, block, is_overlong = OVERLONG, block[min(ends) :], False
        # A "\r" at the very end may be half of "\r\n".
        cut = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1
        if cut:
            yield b"".join((rest, memoryview(block)[:cut]))
            rest = block[cut:]
        else:
            rest += block
        if len(rest) > LONGEST_LINE_BYTES:
            rest, is_overlong = b"", True
    if rest or is_overlong:
        last = OVERLONG if is_overlong else rest
        yield last if last.endswith(b"\r") else last + b"\n"
