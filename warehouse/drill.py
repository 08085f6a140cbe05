"""The drill: a backup is restored beside everything else, its release built again and asked what the original was asked.

Copying and checking files belongs in `backup`, building in `release`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from upath import UPath

from warehouse.backup import OnFile, Restored, as_texts, drill_queries, restore
from warehouse.publishing import kept_record
from warehouse.release import rebuilt


@dataclass(frozen=True)
class Drill:
    """What a drill came to. `differences` maps a table to the hash published and the hash of what came out now.

    `release_id` is None, and nothing was built, when the backup is of a warehouse without a release.
    """

    restored: Restored
    release_id: str | None
    tables: int = 0
    differences: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    queries: int = 0
    other_answers: tuple[str, ...] = ()

    @property
    def has_passed(self) -> bool:
        """Whether the warehouse would come back as it was."""
        return not (self.restored.problems or self.differences or self.other_answers)


def drill(source: UPath, *, scratch: Path | None = None, on_file: OnFile | None = None) -> Drill:
    """Restore a backup below `scratch` (default: the system's temporary folder), rebuild, compare, and clear away.

    Raises RestoreRefused when there is no backup that this version can read.
    """
    with TemporaryDirectory(dir=scratch, prefix="warehouse-drill-") as folder:
        restored = restore(source, Path(folder) / "home", on_file=on_file)
        release_id = restored.backup.current_release
        record = kept_record(restored.home, release_id) if release_id else None
        if record is None:
            return Drill(
                restored, release_id, differences={} if release_id is None else {"release.json": ("", "absent")}
            )
        with rebuilt(restored.home, record) as (con, contents):
            answers = {name: as_texts(con.execute(query).fetchall()) for name, query in drill_queries().items()}
        said = {name: str(table["hash"]) for name, table in record["tables"].items()}
        found = {name: digest for name, (_, digest) in contents.items()}
        return Drill(
            restored,
            release_id,
            tables=len(said),
            differences={
                name: (said.get(name, "absent"), found.get(name, "absent"))
                for name in sorted(said.keys() | found.keys())
                if said.get(name) != found.get(name)
            },
            queries=len(answers),
            other_answers=tuple(name for name, rows in answers.items() if rows != restored.backup.answers.get(name)),
        )
