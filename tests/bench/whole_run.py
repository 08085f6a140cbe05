"""The whole of `make run`: a year of the pretend province with every extract, simulated and taken through the nightly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.bench.measuring import Measured, measured

LIMIT_S = 8 * 60
"""What `make run` may take at scale 1, on a machine of two cores and with the disk of a laptop."""
_COMMAND = ("-c", "from pipelines.cli import main; main()")


@dataclass(frozen=True)
class WholeRun:
    """One run of the whole province: how many files of how many bytes were simulated, and what both steps took."""

    scale: float
    files: int
    landed_bytes: int
    simulated: Measured
    nightly: Measured

    @property
    def wall_s(self) -> float:
        """Both steps together, start-up and all."""
        return self.simulated.process_s + self.nightly.process_s

    @property
    def peak_bytes(self) -> int:
        """The greater peak of the two."""
        return max(self.simulated.peak_bytes, self.nightly.peak_bytes)


def whole_run(home: Path, scale: float) -> WholeRun:
    """Simulate and run the nightly in a home of its own. Raises CalledProcessError when either fails."""
    home.mkdir()
    options = ("--year", "2023", "--scale", str(scale), "--seed", "1", "--dirt", "0.02", "--all-extracts")
    simulated = measured([*_COMMAND, "simulate", *options, "--out", str(home)], home)
    landed = [file for file in (home / "landing").rglob("*") if file.is_file()]
    landed_bytes = sum(file.stat().st_size for file in landed)
    nightly = measured([*_COMMAND, "run", "--home", str(home)], home)
    return WholeRun(scale, len(landed), landed_bytes, simulated, nightly)
