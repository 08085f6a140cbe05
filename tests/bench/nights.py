"""`python -m tests.bench.nights [SCALE]`: the same nights over a ledger of one year and over one of three, in turn.

The pretend province reports one year. The other years are the same dossiers with other years in their dates and codes.
Exit code 0 when both releases are what their ledgers alone give; the ratio is only shown.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console
from rich.table import Table

from samples import simulate
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.keys import KEY_FILE_VARIABLE
from warehouse.release import build_release, verify
from warehouse.storage import Home, open_home

SCALE = 0.05
"""1.0 is the whole province: 2.3 million records a year."""
MOST_TIMES = 1.3
LAST_DAY = "2024-12-01"
NIGHTS = ("2024-12-02", "2024-12-03", "2024-12-04")
_DOSSIERS = Path("landing") / "one_stop_dossier" / "VPUB"
_DATE = re.compile(rb'"(20\d\d)(?=-\d\d-\d\d)')
_CODE = re.compile(rb'-(\d\d)(?=\d{4}-\d{4,}")')
_NAMED = re.compile(r"20(2\d)")


@dataclass(frozen=True)
class Night:
    """What a night took: taking in and judging one day's file, building and publishing; and the processor time of all."""

    judged_s: float
    built_s: float
    cpu_s: float

    @property
    def wall_s(self) -> float:
        """From the file's landing to the pointer's move."""
        return self.judged_s + self.built_s


def main(scale: float) -> int:
    """Build both ledgers, go through the nights, print one table."""
    with TemporaryDirectory(prefix="warehouse-nights-") as scratch:
        folder = Path(scratch)
        os.environ[KEY_FILE_VARIABLE] = str(folder / "token.key")
        simulate(out=folder / "year", scale=scale)
        homes = {"one year": _landed(folder, (1,)), "three years": _landed(folder, (-1, 0, 1))}
        records = {name: _published(home) for name, home in homes.items()}
        nights: dict[str, list[Night]] = {name: [] for name in homes}
        for day in NIGHTS:
            for name, home in homes.items():
                _land_day(folder, home, day)
                nights[name].append(_night(home))
        is_same = all(verify(home).is_same for home in homes.values())
        _show(nights, records)
        Console().print(
            "Both releases are what their ledgers alone give."
            if is_same
            else "[bold red]A release is not what its ledger alone gives.[/]"
        )
    return 0 if is_same else 1


def _landed(folder: Path, shifts: tuple[int, ...]) -> Home:
    """A home in which the years of dossiers have landed up to the day before the nights, and everything else of one year."""
    root = folder / f"home-{len(shifts)}"
    for extract in (folder / "year" / "landing").iterdir():
        if extract.name != _DOSSIERS.parent.name:
            shutil.copytree(extract, root / "landing" / extract.name)
    for years in shifts:
        for period in sorted((folder / "year" / _DOSSIERS).iterdir()):
            if _in_year(period.name, years) <= LAST_DAY:
                _land_shifted(period, root, years)
    return open_home(root)


def _land_day(folder: Path, home: Home, day: str) -> None:
    _land_shifted(folder / "year" / _DOSSIERS / _in_year(day, -1), Path(str(home.root)), 1)


def _land_shifted(period: Path, root: Path, years: int) -> None:
    target = root / _DOSSIERS / _in_year(period.name, years)
    target.mkdir(parents=True, exist_ok=True)
    for manifest in period.glob("*.manifest.json"):
        said = json.loads(manifest.read_bytes())
        content = _CODE.sub(
            lambda found: b"-%02d" % (int(found[1]) + years),
            _DATE.sub(lambda found: b'"%04d' % (int(found[1]) + years), (period / said["file_name"]).read_bytes()),
        )
        moved = {name: _in_year(said[name], years) for name in ("period", "file_name", "received_at")}
        (target / moved["file_name"]).write_bytes(content)
        said |= moved | {"sha256": hashlib.sha256(content).hexdigest()}
        (target / f"{moved['file_name']}.manifest.json").write_text(json.dumps(said), encoding="utf-8")


def _in_year(text: str, years: int) -> str:
    return _NAMED.sub(lambda found: f"20{int(found[1]) + years:02d}", text)


def _published(home: Home) -> int:
    """Take everything in, judge and publish it; gives the records of dossiers."""
    record_sendings(home)
    judge_pending(home)
    build_release(home)
    receipts = home.ledger.glob("judgements/*/*/receipt.json")
    said: list[Mapping[str, object]] = [json.loads(receipt.read_bytes()) for receipt in receipts]
    return sum(int(str(each["rows_accepted"])) for each in said if each["extract"] == _DOSSIERS.parent.name)


def _night(home: Home) -> Night:
    began, worked = perf_counter(), sum(os.times()[:4])
    record_sendings(home)
    judge_pending(home)
    judged = perf_counter()
    if not build_release(home).is_published:
        raise RuntimeError("the night's release was not published")
    return Night(judged - began, perf_counter() - judged, sum(os.times()[:4]) - worked)


def _show(nights: Mapping[str, list[Night]], records: Mapping[str, int]) -> None:
    table = Table(title=f"A night with one new day of dossiers; medians of {len(NIGHTS)} nights, both ledgers in turn")
    for title in ("ledger", "taken in and judged, s", "built and published, s", "night, s", "CPU, s"):
        table.add_column(title, justify="left" if title == "ledger" else "right")
    walls, cpus = [], []
    for name, of_ledger in nights.items():
        walls.append(median(night.wall_s for night in of_ledger))
        cpus.append(median(night.cpu_s for night in of_ledger))
        judged, built = median(n.judged_s for n in of_ledger), median(n.built_s for n in of_ledger)
        what = f"{name}, {records[name]:,} records"
        table.add_row(what, f"{judged:.2f}", f"{built:.2f}", f"{walls[-1]:.2f}", f"{cpus[-1]:.2f}")
    ratios = (f"[bold]{walls[1] / walls[0]:.2f}[/]", f"{cpus[1] / cpus[0]:.2f}")
    table.add_row(f"  [bold]three years ÷ one[/] (wanted: at most {MOST_TIMES})", "", "", *ratios)
    Console(width=None if sys.stdout.isatty() else 140).print(table)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SCALE))
