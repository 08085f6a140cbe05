"""Another moment: the warehouse from what had been received by a day, and as it was published on a day.

The two differ when a file of an old date turns up late. Editions that no release has are built aside, in the cache.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock

from warehouse import publishing
from warehouse.ledger_slice import LedgerSlice, slice_of_release, take_slice
from warehouse.publishing import EDITION_FILES, NoSuchReleaseError, find_release
from warehouse.release import OnStep, build_into, id_of
from warehouse.sql_models import Clearance
from warehouse.storage import Home

_KEPT_ASIDE = 3


class UnsoundMomentError(Exception):
    """What the ledger held at that moment does not pass the audits; the message names them."""


def edition_as_of(home: Home, moment: datetime, clearance: Clearance, on_step: OnStep) -> Path:
    """The edition that answers from the sendings received by a moment, under the judgements that count now.

    A published release of just these inputs has it already. Raises UnsoundMomentError.
    """
    ledger = take_slice(home, until=moment)
    try:
        release = find_release(home, id_of(ledger))
    except NoSuchReleaseError:
        release = None
    return _file(release.folder, clearance) if release else _built_aside(home, ledger, clearance, moment, on_step)


def edition_as_published(home: Home, moment: datetime, clearance: Clearance, on_step: OnStep) -> Path:
    """The edition of the release that was current at a moment; if its files are gone, built anew from its recorded inputs.

    Raises NoSuchReleaseError when nothing had been published by then, UnsoundMomentError as above.
    """
    release = publishing.current_at(home, moment)
    published = _file(release.folder, clearance)
    if published.exists():
        return published
    return _built_aside(home, slice_of_release(home, release.record), clearance, moment, on_step)


def _file(folder: Path, clearance: Clearance) -> Path:
    return folder / EDITION_FILES[clearance]


def _built_aside(home: Home, ledger: LedgerSlice, clearance: Clearance, moment: datetime, on_step: OnStep) -> Path:
    aside = home.local_cache / "aside"
    aside.mkdir(parents=True, exist_ok=True)
    folder = aside / id_of(ledger)
    with FileLock(aside / ".lock"):
        if not folder.exists():
            _forget_older(aside)
            with TemporaryDirectory(dir=home.scratch, prefix="aside-") as scratch:
                building = Path(scratch) / folder.name
                building.mkdir()
                record = build_into(building, home, ledger, folder.name, on_step, published_until=moment)
                if failed := [name for name, rows in record["audits"].items() if rows]:
                    raise UnsoundMomentError(", ".join(failed))
                building.rename(folder)
    return _file(folder, clearance)


def _forget_older(aside: Path) -> None:
    """Keep room for one more among the few that are kept."""
    by_age = sorted(aside.glob("[!.]*"), key=lambda folder: folder.stat().st_mtime)
    for folder in by_age[: max(0, len(by_age) - _KEPT_ASIDE + 1)]:
        shutil.rmtree(folder)
