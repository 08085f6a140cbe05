"""`warehouse pull`: ask the sources now, say what came of each, and leave taking in to the next run."""

from __future__ import annotations

from pipelines.console import complain, say, told
from schemas.extracts import all_extracts
from schemas.periods import is_period_of
from warehouse.pulls.pulling import Note, failed, pull_all
from warehouse.pulls.sources import Source, SourcesInvalid, read_sources, sources_file
from warehouse.storage import Home, open_home


def pull_command(path: str | None, name: str | None, period: str | None) -> int:
    """Ask every source or the one named; return the exit code: 0, 1 when one failed, 2 when there is nothing to ask."""
    home = open_home(path)
    try:
        sources = read_sources(home)
    except SourcesInvalid as invalid:
        complain(str(invalid))
        return 2
    if problem := _problem(home, sources, name, period):
        complain(problem)
        return 2
    return 1 if failed(pull_all(home, name=name, period=period, on_note=_say)) else 0


def _problem(home: Home, sources: dict[str, Source], name: str | None, period: str | None) -> str | None:
    asked = {each: source for each, source in sources.items() if name in (None, each)}
    if not asked:
        known = ", ".join(sources) or "—"
        return f"Không có nguồn nào để lấy; có: / No such source; there are: {known} ({sources_file(home)})"
    for each, source in asked.items():
        cadence = all_extracts()[source.extract].cadence
        if period is not None and not is_period_of(period, cadence):
            return f"{each}: cần kỳ / a {cadence.value} period is needed"
    return None


def _say(note: Note) -> None:
    (say if note.is_well else complain)(told(note))
