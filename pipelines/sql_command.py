"""`warehouse sql`: which file answers a question, the current release or another moment, and how the answer is printed."""

from __future__ import annotations

from pathlib import Path

from pipelines.console import NOTHING_PUBLISHED, Counted, complain, show_rows
from pipelines.moments import end_of_day
from warehouse.asking import QueryError, ask
from warehouse.moments import UnsoundMomentError, edition_as_of, edition_as_published
from warehouse.publishing import EDITION_FILES, NoSuchReleaseError, find_release
from warehouse.sql_models import Clearance
from warehouse.storage import Home, open_home


def sql_command(
    path: str | None, query: str, form: str, edition: str, *, as_of: str | None, as_published: str | None
) -> int:
    """Ask, print the rows, return 0; 1 when the query is wrong, 2 when there is nothing to ask."""
    home = open_home(path)
    try:
        file = _file(home, Clearance(edition), as_of, as_published)
    except NoSuchReleaseError as missing:
        complain(f"Chưa có bản phát hành nào vào lúc đó / Nothing was published by then: {missing}")
        return 2
    except UnsoundMomentError as unsound:
        complain(f"Số liệu lúc đó không qua kiểm toán / The data of that moment fail the audits: {unsound}")
        return 2
    if file is None:
        complain(NOTHING_PUBLISHED)
        return 2
    try:
        answer = ask(file, query)
    except QueryError as error:
        complain(str(error))
        return 1
    show_rows(answer.columns, answer.rows, form)
    return 0


def _file(home: Home, clearance: Clearance, as_of: str | None, as_published: str | None) -> Path | None:
    if as_of or as_published:
        with Counted("Dựng kho của thời điểm đó / Building the warehouse of that moment") as counted:
            day, edition_at = (as_of, edition_as_of) if as_of else (str(as_published), edition_as_published)
            return edition_at(home, end_of_day(day), clearance, lambda table, _rows, _s: counted.made(table, 1))
    release = find_release(home)
    return release.folder / EDITION_FILES[clearance] if release else None
