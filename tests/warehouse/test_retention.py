"""Which releases stay: the newest of days, weeks and months, what is marked, what is in use; records stay for ever."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.decisions import Verdict, decide, read_decisions
from warehouse.publishing import (
    NoSuchReleaseError,
    PublishedRelease,
    current_at,
    current_id,
    in_place_before,
    kept_record,
    list_releases,
    point_to,
)
from warehouse.retention import DAYS, MONTHS, WEEKS, kept_ids, mark, prune
from warehouse.storage import Home, open_home

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = datetime(2023, 1, 1, 3, tzinfo=HANOI)


def built(moments: list[datetime], current: int = -1) -> list[PublishedRelease]:
    """Releases built at some moments, named by their order."""
    names = [f"{number:04d}" for number in range(len(moments))]
    return [
        PublishedRelease(name, Path(name), {"built_at": moment.isoformat()}, name == names[current])
        for name, moment in zip(names, moments, strict=True)
    ]


def test_of_two_years_of_nights_a_week_a_month_and_a_year_stay() -> None:
    nights = [FIRST + timedelta(days=day) for day in range(730)]
    kept = sorted(kept_ids(built(nights), {}))
    days = [nights[int(name)].date().isoformat() for name in kept]
    assert days == [
        *(
            f"2024-{month:02d}-{last}"
            for month, last in zip(range(1, 12), (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30), strict=True)
        ),
        "2024-12-15",
        "2024-12-22",
        *(f"2024-12-{day}" for day in range(24, 31)),
    ]


_histories = st.lists(st.integers(0, 90 * 24), min_size=1, max_size=60, unique=True).map(sorted)


@given(hours=_histories, data=st.data())
def test_what_stays_is_never_too_little(hours: list[int], data: st.DataObject) -> None:
    moments = [FIRST + timedelta(hours=hour) for hour in hours]
    current = data.draw(st.integers(0, len(moments) - 1))
    releases = built(moments, current)
    marked = data.draw(st.sampled_from(releases)).release_id
    kept = kept_ids(releases, {marked: None})
    assert {releases[-1].release_id, releases[current].release_id, marked} <= kept
    assert current == 0 or releases[current - 1].release_id in kept
    assert len(kept) <= DAYS + WEEKS + MONTHS + 3
    dates = {moment.date() for moment in moments}
    assert {moments[int(name)].date() for name in kept} >= set(sorted(dates)[-DAYS:])


def test_pruning_again_removes_nothing_more() -> None:
    nights = [FIRST + timedelta(days=day) for day in range(100)]
    releases = built(nights)
    kept = kept_ids(releases, {})
    assert kept_ids([release for release in releases if release.release_id in kept], {}) == kept


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with three releases of one day, the last one current."""
    home = open_home(tmp_path)
    for number in range(3):
        folder = Path(str(home.releases)) / f"{number:016x}"
        folder.mkdir(parents=True)
        (folder / "restricted.duckdb").write_bytes(b"1234")
        record = {"release_id": folder.name, "built_at": (FIRST + timedelta(hours=number)).isoformat()}
        (folder / "release.json").write_text(json.dumps(record))
    point_to(home, f"{2:016x}")
    return home


def test_the_way_back_leaves_out_what_somebody_went_back_from_and_what_was_rejected(home: Home) -> None:
    first, second, third = (f"{number:016x}" for number in range(3))
    # Only moves that were noted are told of here.
    (Path(str(home.releases)) / "moves.jsonl").unlink()
    for number, release_id in enumerate((first, second, third)):
        record = {"release_id": release_id, "built_at": f"2123-01-01T0{number}:00:00+07:00"}
        (Path(str(home.releases)) / release_id / "release.json").write_text(json.dumps(record))
    for release_id in (first, second):
        point_to(home, release_id)
    assert (current_id(home), in_place_before(home)) == (second, first)
    point_to(home, first)
    assert in_place_before(home) is None
    point_to(home, third)
    assert in_place_before(home) == first
    assert first not in {removed.release_id for removed in prune(home)}
    point_to(home, second)
    assert in_place_before(home) == third
    decide(home, third, Verdict.REJECTED, by="Trần Thị B", reason="gửi nhầm")
    assert in_place_before(home) == first


def test_a_release_that_is_removed_while_a_reader_lists_them_is_left_out(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Path.glob
    monkeypatch.setattr(Path, "glob", lambda self, pattern: [*seen(self, pattern), self / "going" / "release.json"])
    assert len(list_releases(home)) == 3


def test_a_removed_release_leaves_its_record(home: Home) -> None:
    oldest = f"{0:016x}"
    record = next(iter(list_releases(home))).record
    assert [each.release_id for each in prune(home, dry_run=True)] == [oldest]
    assert len(list_releases(home)) == 3
    (removed,) = prune(home)
    assert (removed.release_id, removed.size_bytes > 4) == (oldest, True)
    assert [each.release_id for each in list_releases(home)] == [f"{1:016x}", f"{2:016x}"]
    assert kept_record(home, oldest) == record
    assert not list(Path(str(home.releases)).glob(".removing-*"))
    assert prune(home) == []


def test_which_release_was_current_is_known_after_it_is_removed(home: Home) -> None:
    oldest = f"{0:016x}"
    point_to(home, oldest)
    then = datetime.now(HANOI)
    point_to(home, f"{2:016x}")
    prune(home)
    release = current_at(home, then)
    assert (release.release_id, release.folder.exists()) == (oldest, False)
    assert release.record == kept_record(home, oldest)


def test_a_marked_release_stays_until_it_is_unmarked(home: Home) -> None:
    oldest = f"{0:016x}"
    mark(home, oldest, by="Phạm Thị Giữ", reason="Báo cáo năm đã ký theo bản này")
    assert prune(home) == []
    mark(home, oldest, by="Phạm Thị Giữ", reason="Đã lưu nơi khác", is_kept=False)
    assert [each.release_id for each in prune(home)] == [oldest]
    with pytest.raises(NoSuchReleaseError):
        mark(home, oldest, by="Phạm Thị Giữ", reason="muộn")
    assert len(read_decisions(home)) == 2


def test_what_a_killed_run_was_removing_is_removed(home: Home) -> None:
    leftover = Path(str(home.releases)) / ".removing-ffffffffffffffff"
    leftover.mkdir()
    prune(home)
    assert not leftover.exists()
