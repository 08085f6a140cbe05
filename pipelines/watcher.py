"""What a run tells whoever watches it: nothing by default, progress bars on the command line.

Numbers, names of tables and periods only. What Dagster records of a run is said by the events of `assets`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upath import UPath

    from warehouse.ledger import Receipt, Sending
    from warehouse.pulls.pulling import Note
    from warehouse.release import ReleaseOutcome


class Watcher:
    """Hears what happens and says nothing; a subclass may draw or remember it."""

    def began(self, stage: str) -> None:
        """A stage of the run begins: `pulls`, `sendings`, `judging`, `release` or `reports`."""

    def expects(self, steps: int) -> None:
        """How many steps the stage has."""

    def pulled(self, note: Note) -> None:
        """One source was asked for one period."""

    def filed(self, done: int, files: int) -> None:
        """So many of the new files are archived and recorded."""

    def recorded(self, sendings: Sequence[Sending]) -> None:
        """All new sendings are recorded."""

    def judged(self, receipt: Receipt, seconds: float) -> None:
        """One delivery was judged."""

    def built(self, table: str, rows: int, seconds: float) -> None:
        """One table of the release was built, or one audit run; told by the thread that builds."""

    def released(self, outcome: ReleaseOutcome) -> None:
        """The build ended."""

    def wrote(self, files: Sequence[UPath]) -> None:
        """Reports were written."""
