"""What the command line shows: progress bars on a terminal, plain lines elsewhere, tables, and the summary of a run.

Sentences are short and in both languages. Values of rows appear only where a command was asked for them.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipelines.watcher import Watcher

if TYPE_CHECKING:
    from upath import UPath

    from pipelines.doctor import Finding
    from warehouse.ledger import Receipt, Sending
    from warehouse.pulls.pulling import Note
    from warehouse.release import ReleaseOutcome

NOTHING_PUBLISHED = "Chưa có bản phát hành nào; hãy chạy: warehouse run / Nothing is published yet; run: warehouse run"
_STAGES = {
    "pulls": "Lấy số liệu từ nguồn / Fetching",
    "sendings": "Ghi nhận tệp / Recording files",
    "judging": "Kiểm tra tệp / Judging deliveries",
    "release": "Dựng kho / Building the release",
    "reports": "Viết báo cáo / Writing reports",
}
_OUTCOMES = {
    "landed": "có tệp mới / a new file",
    "unchanged": "không đổi / unchanged",
    "empty": "chưa có dòng nào / no rows yet",
    "failed": "LỖI / FAILED",
}
_PLAIN_EVERY_S = 5.0
_WIDTH_WITHOUT_TERMINAL = 160


def say(text: str, *, stream: Console | None = None) -> None:
    """Print a line as it is: no markup, no wrapping."""
    (stream or Console(soft_wrap=True)).print(text, markup=False, highlight=False)


def wide_console(stream: TextIO | None = None) -> Console:
    """A console for tables: as wide as the terminal, and wide enough where there is none to measure."""
    console = Console(file=stream)
    return console if console.is_terminal else Console(file=stream, width=_WIDTH_WITHOUT_TERMINAL)


def complain(text: str) -> None:
    """Print a line to the error stream."""
    say(text, stream=Console(stderr=True, soft_wrap=True))


class RunWatcher(Watcher):
    """Draws a run's stages and deliveries, and remembers what the summary needs."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description:<34}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._stage: Any = None
        self._stage_name = ""
        self._began_at = time.monotonic()
        self._said_at = 0.0
        self.sendings: Sequence[Sending] = ()
        self.deliveries_judged = 0
        self.deliveries_refused = 0
        self.outcome: ReleaseOutcome | None = None

    def __enter__(self) -> RunWatcher:
        self._bars.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._end_stage()
        self._bars.stop()

    def began(self, stage: str) -> None:
        """Open the bar of a stage."""
        self._end_stage()
        self._stage_name, self._began_at, self._said_at = _STAGES[stage], time.monotonic(), time.monotonic()
        self._stage = self._bars.add_task(self._stage_name, total=None, note="")

    def expects(self, steps: int) -> None:
        """Give the bar its length."""
        if self._stage is not None:
            self._bars.update(self._stage, total=steps)

    def pulled(self, note: Note) -> None:
        """One more source asked; one that failed is told at once."""
        self._advance(1, f"{note.source} {note.period}")
        if not note.is_well:
            complain(told(note))

    def filed(self, done: int, files: int) -> None:  # part of what is heard
        """One more file."""
        self.expects(files)
        self._advance(1, "")

    def recorded(self, sendings: Sequence[Sending]) -> None:
        """Remember which files are new."""
        self.sendings = sendings

    def judged(self, receipt: Receipt, seconds: float) -> None:  # part of what is heard
        """One more delivery."""
        self.deliveries_judged += 1
        self.deliveries_refused += not receipt.is_accepted
        self._advance(1, f"{receipt.extract} {receipt.period}")

    def built(self, table: str, rows: int, seconds: float) -> None:  # part of what is heard
        """One more table or audit."""
        self._advance(1, table)

    def released(self, outcome: ReleaseOutcome) -> None:
        """Remember what came out."""
        self.outcome = outcome

    def wrote(self, files: Sequence[UPath]) -> None:
        """Count the files."""
        self._advance(len(files), "")

    def _advance(self, steps: int, note: str) -> None:
        if self._stage is None:
            return
        self._bars.update(self._stage, advance=steps, note=note)
        if not self._console.is_terminal and time.monotonic() - self._said_at > _PLAIN_EVERY_S:
            self._said_at = time.monotonic()
            say(f"  {self._stage_name}: {int(self._bars.tasks[self._stage].completed)} {note}", stream=self._console)

    def _end_stage(self) -> None:
        if self._stage is None:
            return
        done = int(self._bars.tasks[self._stage].completed)
        # A bar of nothing would never look finished.
        self._bars.update(self._stage, total=max(done, 1), completed=max(done, 1), note="")
        if not self._console.is_terminal:
            took = time.monotonic() - self._began_at
            say(f"{self._stage_name}: {done}, {took:.1f} s", stream=self._console)
        self._stage = None


def told(note: Note) -> str:
    """What came of asking a source, in one line."""
    said = f"{note.source} {note.period}: {_OUTCOMES[note.outcome]}"
    if not note.is_well:
        return f"{said}: {note.reason_vi} / {note.reason_en} ({note.code})"
    return f"{said}, {note.rows} dòng / rows" if note.rows is not None else said


def show_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str, stream: TextIO | None = None) -> None:
    """Print rows as `table`, `csv` or `json` (an array of objects)."""
    stream = stream or sys.stdout
    if form == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    elif form == "json":
        json.dump(
            [dict(zip(columns, row, strict=True)) for row in rows], stream, ensure_ascii=False, default=str, indent=1
        )
        stream.write("\n")
    else:
        wide_console(stream).print(table_of(columns, rows))


def table_of(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None) -> Table:
    """A table for the terminal; empty cells are shown as a dash."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    # Square brackets would be read as markup.
    return str(value).replace("[", r"\[")


def show_findings(findings: Iterable[Finding]) -> None:
    """Print what a doctor saw; trouble is marked by a sign and a word, not by colour alone."""
    table = Table(show_header=False)
    for finding in findings:
        mark, hint = ("✓", "") if finding.is_well else ("✗ LỖI", finding.hint)
        table.add_row(mark, finding.subject, _cell(finding.seen), _cell(hint))
    wide_console().print(table)


class Counted:
    """A bar without an end, for work that reports each thing it made, by name."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description}"),
            TextColumn("{task.completed}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bars.add_task(title, total=None, note="")

    def __enter__(self) -> Counted:
        self._bars.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._bars.stop()
        if not self._console.is_terminal:
            say(f"{self._title}: {int(self._bars.tasks[self._task].completed)}", stream=self._console)

    def made(self, name: str, how_many: int) -> None:
        """So many more were made."""
        self._bars.update(self._task, advance=how_many, note=name)


def size_text(size_bytes: float) -> str:
    """A size for people, such as `1.4 GB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if size_bytes < 1000:
            return f"{size_bytes:.0f} {unit}" if unit == "B" else f"{size_bytes:.1f} {unit}"
        size_bytes /= 1000
    return f"{size_bytes:.1f} TB"
