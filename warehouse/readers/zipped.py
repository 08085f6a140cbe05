"""Archives and packed files: every member of a ZIP is read in its own format, and its name goes with the position of its rows.

One level only. Sizes, names and kinds of members are looked at before anything is unpacked; what is unpacked goes to the
disk, one member at a time. Nothing is ever written under a member's own name.
"""

from __future__ import annotations

import gzip
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl

from warehouse import file_names
from warehouse.readers import streams
from warehouse.readers.limits import MOST_MEMBERS, check_ratio
from warehouse.readers.reading import Reading, Refusal

_KIND: Final = "ZIP"
_PIECE_BYTES = 1 << 20
_LONGEST_COMMENT_BYTES = 1 << 16
_MOST_DIRECTORY_BYTES = MOST_MEMBERS << 12
_LITTER: Final = ("thumbs.db", "desktop.ini", "__macosx")
DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError,
    IndexError,
)  # fmt: skip
"""What zipfile raises on a damaged archive.

An encrypted member is a RuntimeError to it, an unknown compression a NotImplementedError, one without a name an IndexError.
"""
OpenMember: TypeAlias = Callable[[Path, str], "Reading | None"]
"""Opens a member laid out under a path by its name; None when it is a document that goes with the data, such as a letter."""


@dataclass(frozen=True)
class Archive:
    """A ZIP whose members may be unpacked: checked, and lying on the disk."""

    laid_out: streams.LaidOut
    zip: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]
    """By the names under which they are shown, each different."""
    passed_over: int

    @property
    def is_workbook(self) -> bool:
        """Whether these are the parts of one workbook."""
        return "[Content_Types].xml" in self.members or "META-INF/manifest.xml" in self.members

    @property
    def is_letter(self) -> bool:
        """Whether these are the parts of one written document."""
        return "word/document.xml" in self.members

    def reading(self, open_member: OpenMember, scratch: Path) -> Reading:
        """All members as one reading. Whatever refuses one of them refuses all."""
        reading = Reading(iter(()), found_as={"format": "zip", "members": str(len(self.members))})
        reading.batches = self._batches(reading, open_member, scratch)
        return reading

    def _batches(self, reading: Reading, open_member: OpenMember, scratch: Path) -> Iterator[pl.DataFrame]:
        passed_over = self.passed_over
        try:
            for name, member in self.members.items():
                passed_over += not (yield from self._of_member(name, member, reading, open_member, scratch))
        finally:
            self.close()
        if passed_over:
            reading.found_as["passed_over"] = str(passed_over)

    def _of_member(
        self, name: str, member: zipfile.ZipInfo, reading: Reading, open_member: OpenMember, scratch: Path
    ) -> Generator[pl.DataFrame, None, bool]:
        """The rows of a member under its name, its account put to that of the archive; returns whether it holds data."""
        try:
            laid_out = streams.compressed(self._unpacked(member), scratch)
            try:
                inner = open_member(laid_out.path, name)
                if inner is None:
                    return False
                # Totals that are known from the first are held against the rows as they come.
                known = _add_totals(reading, inner, name, 0)
                for frame in inner.batches:
                    yield frame.with_columns(_under(name))
                _add_totals(reading, inner, name, known)
                _add(reading, inner, name)
                return True
            finally:
                laid_out.discard()
        except Refusal as refusal:
            # That a whole file is empty is said without a name.
            is_empty = refusal.code == "file.empty"
            code, found = ("file.unreadable", "trống (empty)") if is_empty else (refusal.code, refusal.found)
            raise Refusal(code, f"{name}: {found}") from None

    def close(self) -> None:
        """Remove what lies on the disk."""
        self.zip.close()
        self.laid_out.discard()

    def _unpacked(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self.zip.open(member) as unpacked:
                yield from iter(lambda: unpacked.read(_PIECE_BYTES), b"")
        except DAMAGED:
            raise Refusal("file.unreadable", _KIND) from None


def _under(name: str) -> pl.Expr:
    """The place of a row in an archive: the member, and within a workbook its sheet."""
    sheet = pl.col("source_sheet")
    return (
        pl.when(sheet.is_null())
        .then(pl.lit(name))
        .otherwise(pl.concat_str(pl.lit(f"{name}/"), sheet))
        .alias("source_sheet")
    )


def _sheet_under(name: str, sheet: str | None) -> str:
    return f"{name}/{sheet}" if sheet else name


def _add(reading: Reading, inner: Reading, name: str) -> None:
    """Put the account of a member to that of the archive."""
    reading.extra_titles = tuple(dict.fromkeys((*reading.extra_titles, *inner.extra_titles)))
    how = {key: value for key, value in inner.found_as.items() if key != "header"}
    reading.found_as[f"member {name}"] = ", ".join(how.values())
    reading.found_as |= {"header": inner.found_as["header"]} if "header" in inner.found_as else {}
    reading.set_aside.update(inner.set_aside)
    reading.broken.extend(replace(broken, sheet=_sheet_under(name, broken.sheet)) for broken in inner.broken)


def _add_totals(reading: Reading, inner: Reading, name: str, known: int) -> int:
    """Put totals beyond the first `known` of a member to those of the archive; returns how many are known now."""
    reading.totals.extend(replace(total, sheet=_sheet_under(name, total.sheet)) for total in inner.totals[known:])
    return len(inner.totals)


def opened(path: Path, scratch: Path) -> Archive:
    """Open a zstd-compressed ZIP.

    Raises Refusal `file.locked` when a password protects it, `file.unsafe` when unpacking it could exhaust the machine or
    write outside a folder, `file.unreadable` when it is damaged, `file.empty` when nothing is in it.
    """
    laid_out = streams.laid_out(path, scratch)
    with laid_out.unless_whole():
        return _checked(laid_out)


def _checked(laid_out: streams.LaidOut) -> Archive:
    try:
        size_bytes = laid_out.path.stat().st_size
        _check_directory(laid_out.path, size_bytes)
        archive = zipfile.ZipFile(laid_out.path)
        files = [member for member in archive.infolist() if not member.is_dir()]
    except DAMAGED:
        raise Refusal("file.unreadable", _KIND) from None
    if len(files) > MOST_MEMBERS:
        raise Refusal("file.unsafe", f"{_KIND}, {len(files)} > {MOST_MEMBERS}")
    for member in files:
        _check(member)
    packed, unpacked = sum(member.compress_size for member in files), sum(member.file_size for member in files)
    if packed > size_bytes:
        raise Refusal("file.unsafe", f"{_KIND}, {packed} > {size_bytes} byte")
    check_ratio(packed, unpacked, _KIND)
    wanted = [member for member in files if not _is_litter(member)]
    if not wanted:
        raise Refusal("file.empty", "0")
    members: dict[str, zipfile.ZipInfo] = {}
    for member in wanted:
        name = shown = file_names.shown(_name(member))
        again = 1
        while shown in members:
            again += 1
            shown = f"{name}#{again}"
        members[shown] = member
    return Archive(laid_out, archive, members, len(files) - len(wanted))


def _check_directory(path: Path, size_bytes: int) -> None:
    """Look at the size of the list of members before it is read: all of it would stand in memory."""
    with path.open("rb") as file:
        file.seek(max(0, size_bytes - _LONGEST_COMMENT_BYTES - 128))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise zipfile.BadZipFile
    (directory_bytes,) = struct.unpack_from("<I", tail, at + 12)
    at = tail.rfind(b"PK\x06\x06", 0, at)
    if at >= 0:
        (directory_bytes,) = struct.unpack_from("<Q", tail, at + 40)
    if directory_bytes > _MOST_DIRECTORY_BYTES:
        raise Refusal("file.unsafe", f"{_KIND}, > {MOST_MEMBERS}")


def _check(member: zipfile.ZipInfo) -> None:
    parts = _name(member).split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise Refusal("file.unsafe", f"{_KIND}, ../")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Refusal("file.unsafe", f"{_KIND}, link")
    if member.flag_bits & 0x1:
        raise Refusal("file.locked", _KIND)
    check_ratio(member.compress_size, member.file_size, _KIND)


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name; UTF-8 that was not said to be so comes as CP437."""
    name = member.filename
    if not member.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return name.replace("\\", "/")


def _is_litter(member: zipfile.ZipInfo) -> bool:
    """What operating systems and open programs leave beside files."""
    parts = _name(member).lower().split("/")
    return parts[0] in _LITTER or parts[-1] in _LITTER or parts[-1].startswith((".", "~$"))


def ungzipped(path: Path, scratch: Path) -> streams.LaidOut:
    """What a zstd-compressed GZIP file holds, compressed as files in the archive are."""

    def pieces() -> Iterator[bytes]:
        unpacked_bytes = 0
        try:
            with streams.opened(path) as packed, gzip.GzipFile(fileobj=packed) as unpacked:
                while piece := unpacked.read(_PIECE_BYTES):
                    unpacked_bytes += len(piece)
                    check_ratio(packed.tell(), unpacked_bytes, "GZIP")
                    yield piece
        except DAMAGED:
            raise Refusal("file.unreadable", "GZIP") from None

    return streams.compressed(pieces(), scratch)
