"""The warehouse is a function of the set of sendings: order, repetition, splitting and workers leave no mark on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.invariants.conftest import publish, take_in_and_publish
from tests.invariants.runs_to_kill import Request, Runner, runner
from tests.invariants.sendings import Hashes, Sent, published_hashes
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.ledger import counting
from warehouse.publishing import current_id
from warehouse.release import build_release
from warehouse.storage import Home, open_home

_EXPENSIVE = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)
_NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""An example takes seconds: what fails is shown as it was drawn."""


_OPERATIONS = 600
"""Up to which of its file operations a run may be killed; one with fewer ends by itself."""


@dataclass(frozen=True)
class Step:
    """What one run does, and how much of it, before it is cut short."""

    landing: tuple[int, ...]
    renamed: bool
    judged: bool
    judged_only: str | None
    judged_periods: tuple[str, ...] | None
    published: bool
    killed_at: int | None


@st.composite
def histories(draw: st.DrawFn, sendings: Sequence[Sent], *, is_killed: bool) -> list[Step]:
    """Ways to take in the files: every file lands at least once, some again under another name; backfills of some periods
    come between, and a whole run that dies at some file operation, if one is to be killed."""
    order = draw(st.permutations(range(len(sendings))))
    again = draw(st.lists(st.integers(0, len(sendings) - 1), max_size=6))
    periods = sorted({sent.period for sent in sendings})
    landing = [*order, *again]
    cuts = sorted(draw(st.lists(st.integers(0, len(landing)), max_size=3)))
    parts = [landing[start:end] for start, end in zip([0, *cuts], [*cuts, len(landing)], strict=True)]
    # A release on the way costs as much as the last one: one is enough.
    published_at = draw(st.none() | st.integers(0, len(parts) - 1))
    killed_in = draw(st.integers(0, len(parts) - 1)) if is_killed else None
    return [
        Step(
            landing=tuple(part),
            renamed=draw(st.booleans()),
            judged=draw(st.booleans()),
            judged_only=draw(st.none() | st.sampled_from(["one_stop_dossier", "identity_issuance"])),
            judged_periods=draw(st.none() | st.lists(st.sampled_from(periods), max_size=20).map(tuple)),
            published=at == published_at,
            killed_at=draw(st.integers(1, _OPERATIONS)) if at == killed_in else None,
        )
        for at, part in enumerate(parts)
    ]


def go_through(home: Home, sendings: list[Sent], history: list[Step], running: Runner) -> None:
    for number, step in enumerate(history):
        for at in step.landing:
            sent = sendings[at]
            place = sent.named(f"r{number}_{sent.name}") if step.renamed else sent
            place.land(home, modified_at=1_600_000_000 + 86_400 * number + at)
        record_sendings(home)
        if step.judged:
            judge_pending(home, workers=1, extract=step.judged_only, periods=step.judged_periods)
        if step.killed_at:
            running.run(Request(str(home.root), at=step.killed_at))
        if step.published:
            publish(home)
    take_in_and_publish(home)


def check_history(sendings: list[Sent], expected: Hashes, history: list[Step], running: Runner) -> None:
    with TemporaryDirectory() as folder:
        home = open_home(folder)
        go_through(home, sendings, history, running)
        assert published_hashes(home) == expected


@pytest.fixture(scope="module")
def running() -> Iterator[Runner]:
    with runner() as process:
        yield process


@given(st.data())
@settings(max_examples=2, derandomize=True, phases=_NO_SHRINKING, suppress_health_check=_EXPENSIVE)
def test_any_way_of_taking_in_gives_the_same_content(
    amended: list[Sent], expected_amended: Hashes, running: Runner, data: st.DataObject
) -> None:
    check_history(amended, expected_amended, data.draw(histories(amended, is_killed=False)), running)


@pytest.mark.slow
@given(st.data())
@settings(max_examples=20, phases=_NO_SHRINKING, suppress_health_check=_EXPENSIVE)
def test_many_ways_of_taking_in_give_the_same_content(
    amended: list[Sent], expected_amended: Hashes, running: Runner, data: st.DataObject
) -> None:
    check_history(amended, expected_amended, data.draw(histories(amended, is_killed=True)), running)


@pytest.mark.parametrize("workers", [2, pytest.param(5, marks=pytest.mark.slow)])
def test_the_number_of_workers_leaves_no_mark(
    sendings: list[Sent], expected: Hashes, workers: int, tmp_path: Path
) -> None:
    home = open_home(tmp_path / "home")
    for sent in sendings:
        sent.land(home)
    take_in_and_publish(home, workers=workers)
    assert published_hashes(home) == expected


def test_another_set_of_sendings_gives_other_content(sendings: list[Sent], expected: Hashes, tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    refused = next(sent for sent in sendings if sent.extract == "one_stop_dossier" and sent.content[-2:-1] != b"]")
    for sent in sendings:
        if sent is not refused:
            sent.land(home)
    take_in_and_publish(home)
    found = published_hashes(home)
    assert found.keys() == expected.keys()
    # Nothing that a refused file says reaches a fact, but that it came is known.
    assert found["core.fact_dossier"] == expected["core.fact_dossier"]
    assert found["quality.delivery"] != expected["quality.delivery"]


def test_a_sending_again_at_another_moment_is_another_sending(
    sendings: list[Sent], expected: Hashes, tmp_path: Path
) -> None:
    home = open_home(tmp_path / "home")
    for sent in sendings:
        sent.land(home)
    # The day's first file is sent once more, after the corrections: A-B-C-A.
    first = next(sent for sent in sendings if sent.slot[2] == "2023-01-03")
    again = Sent(*first.slot, "again.json", first.content, first.received_at + timedelta(days=3))
    again.land(home)
    take_in_and_publish(home)
    assert published_hashes(home)["quality.delivery"] != expected["quality.delivery"]
    assert statuses(home)[again.slot, again.received_at] == "accepted"
    assert statuses(home)[first.slot, first.received_at] == "superseded"


def test_every_sending_ends_with_the_status_that_the_truth_gives_it(
    sendings: list[Sent], plain_home: Home, province: Path
) -> None:
    truth = pl.read_parquet(province / "truth" / "sendings.parquet")
    wanted = {
        ((row["extract"], row["supplier"], row["period"]), row["received_at"]): row["status"]
        for row in truth.iter_rows(named=True)
    }
    found = statuses(plain_home)
    assert len(found) == len(sendings) - 1, "the two of one second share slot and moment"
    made_here = {sent.slot for sent in sendings if sent.name.startswith("hoso_lan")} & {sendings[-1].slot}
    compared = {at: status for at, status in found.items() if at[0] not in made_here}
    assert compared == {at: wanted[at] for at in compared}
    assert set(Counter(compared.values())) == {"accepted", "refused", "superseded", "duplicate"}


def test_of_two_files_of_one_second_the_greater_hash_counts(sendings: list[Sent], plain_home: Home) -> None:
    twins = sendings[-2:]
    judged, _ = counting(plain_home)
    found = {
        sending.sha256: status
        for sending, status in judged
        if (sending.received_at, sending.period) == (twins[0].received_at, twins[0].period)
    }
    assert [found[sha256] for sha256 in sorted(found)] == ["superseded", "accepted"]


def statuses(home: Home) -> dict[tuple[tuple[str, str, str], datetime], str]:
    judged, _ = counting(home)
    return {
        ((sending.extract, sending.supplier_code, sending.period), sending.received_at): status
        for sending, status in judged
    }


@pytest.mark.slow
def test_lost_judgements_are_made_again_from_the_archive_and_the_sendings(
    plain_home: Home, expected: Hashes, tmp_path: Path
) -> None:
    for room in ("archive", "ledger/sendings"):
        copytree(str(plain_home.root / room), tmp_path / "home" / room)
    home = open_home(tmp_path / "home")
    judge_pending(home, workers=1)
    assert build_release(home).release_id == current_id(plain_home)
    assert published_hashes(home) == expected
