"""`python -m tests.bench SCALE`: prepares the files, runs both sides in turn, checks that they agree, prints tables; then runs
the whole province at that scale, unless it is 0."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import polars as pl
from rich.console import Console
from rich.table import Table

from samples import simulate
from tests.bench import declare_contract
from tests.bench.delivery import write_delivery
from tests.bench.measuring import Measured, measured
from tests.bench.whole_run import LIMIT_S, WholeRun, whole_run
from warehouse.keys import KEY_FILE_VARIABLE, token_key

ROUNDS = 3
DAILY_SCALE = 0.2
MOST_TIMES_BARE = 3
_ROOT = Path(__file__).resolve().parents[2]
_MEGA = 1_000_000


@dataclass(frozen=True)
class Outcome:
    """What one side made of the file: accepted lines with their tokens, and (line, rule) pairs, both sorted."""

    accepted: pl.DataFrame
    findings: pl.DataFrame


def main(scale: float) -> int:
    """Exit code 0 when both sides agree in every line, 1 when not."""
    declare_contract()
    with TemporaryDirectory(prefix="warehouse-bench-") as scratch:
        folder = Path(scratch)
        os.environ |= {KEY_FILE_VARIABLE: str(folder / "token.key"), "PYTHONPATH": str(_ROOT)}
        delivery = _landed_million(folder / "million")
        (folder / "secret").write_bytes(token_key().secret)
        floor, ours, bare, in_memory = [], [], [], []
        for number in range(ROUNDS):
            home = folder / f"home-{number}"
            (home / "landing").parent.mkdir()
            (home / "landing").symlink_to(folder / "million" / "landing")
            floor.append(measured([str(_ROOT / "tests/bench/floor.py"), str(delivery), "secret"], folder))
            ours.append(measured(["-m", "tests.bench.ours", str(home)], folder))
            bare.append(measured([str(_ROOT / "tests/bench/bare.py"), str(delivery)], folder))
            in_memory.append(measured(["-m", "tests.bench.in_memory", str(delivery)], folder))
        is_same = _agree(_of_floor(folder), _of_ours(home))
        size_bytes = delivery.stat().st_size
        daily_files, daily_bytes = _landed_daily(folder / "daily")
        daily = measured(["-m", "tests.bench.ours", str(folder / "daily")], folder)
        _show(floor, ours, size_bytes, daily, daily_files, daily_bytes)
        _show_reading(bare, in_memory)
    Console().print(
        "Both sides: the same accepted lines and tokens, the same (line, rule) pairs."
        if is_same
        else "[bold red]The two sides do not agree.[/]"
    )
    if scale:
        _run_whole(scale)
    return 0 if is_same else 1


def _run_whole(scale: float) -> None:
    with TemporaryDirectory(prefix="warehouse-bench-") as scratch:
        os.environ[KEY_FILE_VARIABLE] = str(Path(scratch) / "token.key")
        _show_whole(whole_run(Path(scratch) / "home", scale))


def _landed_million(home: Path) -> Path:
    file = home / "landing" / "dossier_million" / "VPUB" / "2023-12" / "hoso.csv"
    file.parent.mkdir(parents=True)
    write_delivery(file)
    return file


def _landed_daily(home: Path) -> tuple[int, int]:
    """A year of simulated daily files alone; how many and how large."""
    simulate(out=home, scale=DAILY_SCALE)
    for folder in (home / "landing").iterdir():
        if folder.name != "one_stop_dossier":
            folder.rename(home / folder.name)
    files = list((home / "landing").rglob("*.json"))
    data = [file for file in files if not file.name.endswith(".manifest.json")]
    return len(data), sum(file.stat().st_size for file in data)


def _of_floor(folder: Path) -> Outcome:
    accepted = pl.read_parquet(folder / "accepted.parquet", columns=["line", "token"])
    findings = pl.read_parquet(folder / "finding.parquet", columns=["line", "rule"])
    return Outcome(accepted.sort("line"), findings.sort("line", "rule"))


def _of_ours(home: Path) -> Outcome:
    (folder,) = (file.parent for file in home.glob("ledger/judgements/*/*/accepted.parquet"))
    accepted = pl.read_parquet(folder / "accepted.parquet").select(line="source_row", token="citizen_token")
    findings = pl.read_parquet(folder / "findings.parquet").select(line="source_row", rule="rule_code")
    return Outcome(accepted.sort("line"), findings.sort("line", "rule"))


def _agree(one: Outcome, other: Outcome) -> bool:
    return one.accepted.equals(other.accepted) and one.findings.equals(other.findings)


def _show(
    floor: list[Measured], ours: list[Measured], size_bytes: int, daily: Measured, daily_files: int, daily_bytes: int
) -> None:
    table = Table(
        title=f"{os.cpu_count()} cores; medians of {ROUNDS} rounds in turn; memory is the peak PSS of all processes"
    )
    for title in ("what", "wall, s", "with start-up, s", "CPU, s", "peak, MB", "per second"):
        table.add_column(title, justify="left" if title == "what" else "right")

    def row(what: str, runs: list[Measured], seconds: Callable[[Measured], float], rate: str) -> None:
        wall, whole = median(map(seconds, runs)), median(run.process_s for run in runs)
        cpu = median(run.cpu_s for run in runs)
        peak = max(run.peak_bytes for run in runs) / _MEGA
        table.add_row(what, f"{wall:.2f}", f"{whole:.2f}", f"{cpu:.2f}", f"{peak:.0f}", rate)

    def judged_s(run: Measured) -> float:
        return run.said["judged_s"]

    floor_s, ours_s = median(map(judged_s, floor)), median(map(judged_s, ours))
    taken_in_s = median(run.said["taken_in_s"] for run in ours)
    size_mb = size_bytes / _MEGA
    million = f"1,000,000 records, CSV of {size_mb:.0f} MB"
    row(f"floor: a DuckDB script, {million}", floor, judged_s, f"{1000 / floor_s:.0f}k records")
    row("warehouse: judged into the ledger, the same file", ours, judged_s, f"{1000 / ours_s:.0f}k records")
    table.add_row(
        "  taken in before (hashed, archived)",
        f"{taken_in_s:.2f}",
        "",
        "",
        "",
        f"{size_bytes / _MEGA / taken_in_s:.0f} MB",
    )
    cpu_ratio = median(run.cpu_s for run in ours) / median(run.cpu_s for run in floor)
    table.add_row("  [bold]times the floor[/]", f"[bold]{ours_s / floor_s:.2f}[/]", "", f"{cpu_ratio:.2f}", "", "")
    daily_s = daily.said["taken_in_s"] + daily.said["judged_s"]
    row(
        f"warehouse: {daily_files} daily JSON files of {daily_bytes / _MEGA:.0f} MB, taken in and judged",
        [daily],
        lambda run: run.said["taken_in_s"] + run.said["judged_s"],
        f"{daily_files / daily_s:.0f} files, {daily_bytes / _MEGA / daily_s:.0f} MB",
    )
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def _show_reading(bare: list[Measured], in_memory: list[Measured]) -> None:
    read_s = median(run.said["read_s"] for run in bare)
    judged_s = median(run.said["judged_s"] for run in in_memory)
    table = Table(
        title="Reading and judging in memory, nothing written, against the bare read of the same file, in turn"
    )
    for title in ("what", "wall, s", "peak, MB"):
        table.add_column(title, justify="left" if title == "what" else "right")
    for what, runs, seconds in (
        ("DuckDB: the file into memory, every column a text", bare, read_s),
        ("warehouse: read, parsed, checked, split", in_memory, judged_s),
    ):
        table.add_row(what, f"{seconds:.2f}", f"{max(run.peak_bytes for run in runs) / _MEGA:.0f}")
    table.add_row(
        f"  [bold]times the bare read[/] (wanted: at most {MOST_TIMES_BARE})", f"[bold]{judged_s / read_s:.2f}[/]", ""
    )
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def _show_whole(run: WholeRun) -> None:
    table = Table(title=f"The whole of `make run`: the province's year with every extract, scale {run.scale:g}")
    for title in ("what", "wall, s", "CPU, s", "peak, MB"):
        table.add_column(title, justify="left" if title == "what" else "right")
    for what, step in (
        (f"simulated: {run.files} files of {run.landed_bytes / _MEGA:.0f} MB", run.simulated),
        ("nightly: taken in, judged, built, audited, published, reported", run.nightly),
    ):
        table.add_row(what, f"{step.process_s:.1f}", f"{step.cpu_s:.1f}", f"{step.peak_bytes / _MEGA:.0f}")
    table.add_row(
        f"  [bold]together[/] (wanted at scale 1: at most {LIMIT_S} s)",
        f"[bold]{run.wall_s:.1f}[/]",
        f"{run.simulated.cpu_s + run.nightly.cpu_s:.1f}",
        f"{run.peak_bytes / _MEGA:.0f}",
    )
    Console(width=None if sys.stdout.isatty() else 140).print(table)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
