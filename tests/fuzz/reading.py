"""What must hold whatever a file is: it is read or refused, in time, and no row that was sound is lost."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import polars as pl
import zstandard

from schemas.rules import FILE_RULES
from tests.fuzz.mutation import Spoilt
from tests.fuzz.targets import Target
from warehouse import duck
from warehouse.readers import opening
from warehouse.readers.reading import Reading, Refusal

LONGEST_S = 20.0
_ROWS = 64
_CON = duck.connect(memory_limit="400MB", threads=1)


class FoundError(Exception):
    """What a reader must not do."""


def read(target: Target, spoilt: Spoilt) -> str:
    """Read a spoilt file: "read" or "refused". Raises FoundError, or whatever the reader raised that is no Refusal."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, _in_time():
        file = Path(folder) / "kept.zst"
        file.write_bytes(zstandard.ZstdCompressor(level=1).compress(spoilt.content))
        try:
            reading = opening.read(file, target.file_name, target.extract, opening.Means(_CON, _ROWS, Path(folder)))
            frames = list(reading.batches)
        except Refusal as refusal:
            _check_refusal(refusal)
            if spoilt.line is not None and target.pack is None:
                raise FoundError(f"one line refuses the file: {refusal}") from None
            return "refused"
        finally:
            if left := [path for path in Path(folder).iterdir() if path != file]:
                raise FoundError(f"left behind: {len(left)} files")
        _check_frames(frames)
        if spoilt.line is not None:
            _check_lines(target, spoilt.line, reading, frames)
        return "read"


@contextmanager
def _in_time() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise FoundError(f"takes longer than {LONGEST_S} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _check_refusal(refusal: Refusal) -> None:
    if refusal.code not in FILE_RULES:
        raise FoundError(f"refused for a reason that nobody worded: {refusal.code}")
    if len(refusal.found) > 1000:
        raise FoundError("the reason is longer than anybody would read")


def _check_frames(frames: list[pl.DataFrame]) -> None:
    """Texts only, every row at a place of its own."""
    if not frames:
        return
    for frame in frames:
        wrong = {name: dtype for name, dtype in frame.schema.items() if not _is_right(name, dtype)}
        if wrong:
            raise FoundError(f"no text: {wrong}")
    places = pl.concat([frame.select("source_sheet", "source_row") for frame in frames])
    if places.is_duplicated().any() or places["source_row"].null_count() or (places["source_row"] < 1).any():
        raise FoundError("two rows in one place, or a row in none")


def _is_right(name: str, dtype: pl.DataType) -> bool:
    if name.startswith("change:"):
        return dtype == pl.Boolean
    return dtype == (pl.Int64 if name == "source_row" else pl.String)


def _check_lines(target: Target, spoilt_line: int, reading: Reading, frames: list[pl.DataFrame]) -> None:
    """Every line is somewhere, and those that were not spoilt are rows."""
    lines = len(target.lines)
    rows = sum(frame.height for frame in frames)
    if rows + len(reading.broken) + reading.set_aside.total() != lines:
        raise FoundError(f"{rows} + {len(reading.broken)} + {reading.set_aside.total()} ≠ {lines}")
    found = {row for frame in frames for row in frame["source_row"]}
    wanted = set(range(1 + target.heading_lines, lines + 1)) - {spoilt_line + 1 + target.heading_lines}
    if missing := wanted - found:
        raise FoundError(f"lost lines {sorted(missing)}")
