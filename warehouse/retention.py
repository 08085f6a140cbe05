"""Which published releases stay on disk and which are removed. Their records stay for ever; any can be built again.

Of each of the last 7 days, 4 weeks and 12 months that have releases the newest one stays; besides these the current one, the
one before it in the list and the one that was in place before it, and those that a person marked. What is held for a decision
is not in the list and is not touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from warehouse import decisions, publishing
from warehouse.decisions import Verdict
from warehouse.ledger import LOCAL_TIME
from warehouse.publishing import PublishedRelease, keep_record, list_releases, releases_folder, sole_builder
from warehouse.storage import Home

DAYS, WEEKS, MONTHS = 7, 4, 12
_REMOVING = ".removing-"


@dataclass(frozen=True)
class Removed:
    """A release that was, or would be, removed, and how many bytes that frees."""

    release_id: str
    built_at: datetime
    size_bytes: int


def prune(home: Home, *, dry_run: bool = False) -> list[Removed]:
    """Remove the releases that need not stay, the oldest first; `dry_run` only says which."""
    with sole_builder(home):
        releases = list_releases(home)
        kept = kept_ids(releases, decisions.marked(home)) | {publishing.in_place_before(home)}
        removed = [_described(release) for release in releases if release.release_id not in kept]
        if not dry_run:
            for release in releases:
                if release.release_id not in kept:
                    _remove(home, release)
            # Also what a run that was killed left behind.
            for leftover in releases_folder(home).glob(f"{_REMOVING}*"):
                shutil.rmtree(leftover)
        return removed


def kept_ids(releases: Sequence[PublishedRelease], marked: Mapping[str, object]) -> set[str]:
    """The releases that stay, of a list in the order of their building."""
    kept = {release.release_id for release in releases if release.is_current or release.release_id in marked}
    for before, release in pairwise(releases):
        if release.is_current:
            kept.add(before.release_id)
    for how_many, span in _SPANS:
        newest = {span(release.built_at.astimezone(LOCAL_TIME)): release.release_id for release in releases}
        kept |= {newest[each] for each in sorted(newest)[-how_many:]}
    return kept


_SPANS: tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...] = (
    (DAYS, lambda moment: (moment.year, moment.month, moment.day)),
    (WEEKS, lambda moment: tuple(moment.isocalendar()[:2])),
    (MONTHS, lambda moment: (moment.year, moment.month)),
)


def mark(home: Home, release_id: str, *, by: str, reason: str, is_kept: bool = True) -> None:
    """Keep a release whatever its age, or no longer. Raises NoSuchReleaseError for one that is not on disk."""
    with sole_builder(home):
        publishing.require_release(home, release_id)
        decisions.decide(home, release_id, Verdict.MARKED if is_kept else Verdict.UNMARKED, by=by, reason=reason)


def _described(release: PublishedRelease) -> Removed:
    size_bytes = sum(file.stat().st_size for file in release.folder.iterdir())
    return Removed(release.release_id, release.built_at, size_bytes)


def _remove(home: Home, release: PublishedRelease) -> None:
    """Out of the list at once, off the disk after; whoever has it open reads on."""
    keep_record(home, release.folder, release.release_id)
    going = releases_folder(home) / f"{_REMOVING}{release.release_id}"
    release.folder.rename(going)
    shutil.rmtree(going)
