"""Bytes and letters of an archived file, piece by piece. What they mean is a matter for the readers."""

from __future__ import annotations

import codecs
import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

import zstandard

from warehouse.readers.reading import Refusal

_PIECE_BYTES = 4 << 20
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a zstd-compressed file as a stream."""
    with path.open("rb") as packed:
        yield cast(BinaryIO, zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True))


def start_of(path: Path, size_bytes: int) -> bytes:
    """The first bytes of a file, fewer only when it has no more."""
    with opened(path) as stream:
        return stream.read(size_bytes)


def encoding_of(start: bytes) -> str:
    """The Unicode encoding of a file by its first bytes, the more the surer: by its mark, else by where the zeros are."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    # In UTF-16 plain letters have a zero beside them, always on the same side. A zero here and there is damage.
    before, after = start[::2].count(0), start[1::2].count(0)
    if 8 * max(before, after) < len(start) or max(before, after) <= 4 * min(before, after):
        return "utf-8"
    return "utf-16-be" if before > after else "utf-16-le"


def as_text(start: bytes) -> str:
    """The beginning of a file as text, whatever cannot be decoded replaced."""
    return start.decode(encoding_of(start), "replace")


def letters(path: Path, encoding: str) -> Iterator[str]:
    """A file as text in pieces. Bytes that are no letters come as lone surrogates, so that what holds them can be told."""
    decoder = codecs.getincrementaldecoder(encoding)(_errors(encoding))
    try:
        with opened(path) as stream:
            while block := stream.read(_PIECE_BYTES):
                if text := decoder.decode(block):
                    yield text
            if text := decoder.decode(b"", final=True):
                yield text
    except UnicodeError:
        # Half a code unit at the end, or one that no text can have.
        raise Refusal("file.unreadable", encoding.upper()) from None


def size_of(text: str, encoding: str) -> int:
    """How many bytes of the file a text from `letters` took, a mark at its beginning not counted."""
    # The codec without a byte order in its name would write its mark before every text.
    plain = encoding.removesuffix("-sig") if "8" in encoding else f"{encoding[:6]}-le"
    return len(text.encode(plain, _errors(encoding)))


def _errors(encoding: str) -> str:
    return "surrogateescape" if encoding.startswith("utf-8") else "surrogatepass"


def lines(pieces: Iterator[str], longest: int) -> Iterator[tuple[str, bool]]:
    """The lines of a text without their ends, and whether each is whole: one that is longer than `longest` is cut there."""
    begun: list[str] = []
    length = 0
    for piece in pieces:
        first, *others = piece.split("\n")
        begun.append(first[: max(0, longest + 1 - length)])
        length += len(first)
        for line in others:
            yield "".join(begun).removesuffix("\r"), length <= longest
            begun, length = [line[: longest + 1]], len(line)
    if length:
        yield "".join(begun).removesuffix("\r"), length <= longest


@dataclass
class LaidOut:
    """A file of its own on a local disk, gone when nobody holds it any more."""

    path: Path

    def __post_init__(self) -> None:
        self._gone = weakref.finalize(self, self.path.unlink, missing_ok=True)

    def discard(self) -> None:
        """Remove the file now."""
        self._gone()

    @contextmanager
    def unless_whole(self) -> Iterator[None]:
        """Remove the file now when the block fails: whoever keeps the reason would keep the file too."""
        try:
            yield
        except BaseException:
            self.discard()
            raise


def laid_out(path: Path, scratch: Path) -> LaidOut:
    """The bytes of a zstd-compressed file, uncompressed on the disk, for what must be read from its end."""
    with opened(path) as stream:
        return written(iter(lambda: stream.read(_PIECE_BYTES), b""), scratch)


def written(chunks: Iterable[bytes], scratch: Path) -> LaidOut:
    """A new private file with these bytes."""
    descriptor, name = tempfile.mkstemp(dir=scratch, prefix="unpacked-")
    file = LaidOut(Path(name))
    with os.fdopen(descriptor, "wb") as sink, file.unless_whole():
        for chunk in chunks:
            sink.write(chunk)
    return file


def compressed(chunks: Iterable[bytes], scratch: Path) -> LaidOut:
    """A new private file with these bytes, compressed as files in the archive are."""

    def packed() -> Iterator[bytes]:
        compressor = zstandard.ZstdCompressor(level=1).compressobj()
        for chunk in chunks:
            yield compressor.compress(chunk)
        yield compressor.flush()

    return written(packed(), scratch)


def count_lines(path: Path) -> int:
    """How many lines there are, a last one without an end included."""
    count, last = 0, b"\n"
    with opened(path) as stream:
        while block := stream.read(_PIECE_BYTES):
            count += block.count(b"\n")
            last = block[-1:]
    return count + (last != b"\n")
