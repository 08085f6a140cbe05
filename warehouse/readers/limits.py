"""How much a file may ask of the machine: sizes, counts and depths beyond which it is refused as unsafe, in one place.

What an outline of a workbook may be stands in `workbook_container`.
"""

from __future__ import annotations

from typing import Final

from warehouse.readers.reading import Refusal

MOST_COLUMNS: Final = 4_096
"""Different titles in one file; the widest form known has about 60."""
MOST_LISTS: Final = 1_000
"""Lists in one tree that could hold the records."""
MOST_RECORD_BYTES: Final = 32 << 20
"""One record, line or value."""
MOST_NESTING: Final = 64
"""Levels of objects or elements within one another."""
MOST_MEMBERS: Final = 1_000
"""Files in an archive."""
MOST_UNPACKED_BYTES: Final = 64 << 30
"""All that comes out of one archive; it goes to the disk, never into memory."""
MOST_RATIO: Final = 250
"""Bytes out of one byte in, beyond `FREE_BYTES`. Tables of text shrink to a twentieth or a fiftieth."""
FREE_BYTES: Final = 64 << 20
"""What may come out of an archive at any ratio."""


def check_columns(count: int, kind: str) -> None:
    """Raise Refusal `file.unsafe` when a file of that format has too many different titles."""
    if count > MOST_COLUMNS:
        raise Refusal("file.unsafe", f"{kind}, {count} > {MOST_COLUMNS} cột / columns")


def check_ratio(packed_bytes: int, unpacked_bytes: int, kind: str) -> None:
    """Raise Refusal `file.unsafe` when more comes out of an archive than any honest file would hold."""
    if unpacked_bytes > MOST_UNPACKED_BYTES:
        raise Refusal("file.unsafe", f"{kind} > {MOST_UNPACKED_BYTES >> 30} GB")
    if unpacked_bytes > max(FREE_BYTES, MOST_RATIO * packed_bytes):
        raise Refusal("file.unsafe", f"{kind}, {unpacked_bytes >> 20} MB ≫ {packed_bytes >> 10} KB")
