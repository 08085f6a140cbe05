"""A pretend province and a small selection of its sendings in which everything occurs that can happen to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

import samples
from tests.invariants.sendings import Hashes, Sent, of_slots_with, published_hashes, sent_from
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.publishing import current_id
from warehouse.release import approve, build_release
from warehouse.storage import Home, open_home

_DEFECTS = {
    "one_stop_dossier": ("resent_a_b_a", "truncated", "missing_column", "rows_missing"),
    "identity_issuance": ("resent_unchanged", "wrong_header"),
    "work_file_processing": ("resent_a_b_a", "total_wrong", "late"),
    "digital_infrastructure": ("extra_column", "wrong_header"),
    "essential_service_report": ("rows_spoilt",),
    "target_response": ("rows_spoilt",),
    "shared_database": ("rows_spoilt",),
    "satisfaction_response": ("rows_spoilt", "missing_column"),
    "portal_reconciliation": ("rows_spoilt",),
    "dossier_step": ("rows_spoilt",),
    "dossier_payment": ("rows_spoilt",),
    "dossier_digitisation": ("rows_spoilt",),
    "taxpayer": ("rows_spoilt",),
    "insurance_participant": ("rows_spoilt",),
    "land_change": ("rows_spoilt",),
    "civil_status": ("rows_spoilt",),
    "welfare_payment": ("rows_spoilt", "missing_column"),
    "pupil": ("rows_spoilt",),
    "population_check_result": ("rows_spoilt", "extra_column"),
}
_PLAIN_DAYS = ("2023-01-03", "2023-01-04", "2023-01-05", "2023-01-09")


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated year, small and dirty: its landing folder and its truth."""
    out = tmp_path_factory.mktemp("invariants-province")
    samples.simulate(out=out, year=2023, scale=0.002, seed=5, dirt=0.05, all_extracts=True)
    return out


@pytest.fixture(scope="session")
def sendings(province: Path) -> list[Sent]:
    """Some thirty sendings: A-B-A, unchanged, corrected, late and refused ones, of every extract."""
    truth = pl.read_parquet(province / "truth" / "sendings.parquet")
    usual = truth.filter(
        (pl.col("extract") == "procedure_catalogue")
        | ((pl.col("extract") == "one_stop_dossier") & pl.col("period").is_in(_PLAIN_DAYS))
    )
    chosen = pl.concat([usual, of_slots_with(truth, _DEFECTS)]).unique()
    assert set(chosen["status"]) == {"accepted", "refused", "superseded", "duplicate"}
    return [*sent_from(province, chosen), *_on_the_same_second(sent_from(province, chosen))]


def _on_the_same_second(sendings: Sequence[Sent]) -> list[Sent]:
    """Two more contents for one dossier day, received in the same second: only their hashes tell which counts."""
    day = next(sent for sent in sendings if sent.slot[2] == _PLAIN_DAYS[0])
    later = replace(day, received_at=day.received_at + timedelta(days=1))
    lines = later.content.splitlines(keepends=True)
    return [
        replace(later, name="hoso_lan2.json", content=b"".join(lines[:1] + lines[2:])),
        replace(later, name="hoso_lan3.json", content=b"".join(lines[:1] + lines[3:])),
    ]


def take_in_and_publish(home: Home, *, workers: int = 1) -> None:
    """One whole run over what has landed."""
    record_sendings(home)
    judge_pending(home, workers=workers)
    publish(home)


def publish(home: Home) -> None:
    """Publish what the ledger holds; a list of years ago that comes late changes enough to be approved by a person."""
    outcome = build_release(home)
    if outcome.is_held:
        approve(home, outcome.release_id, by="Người duyệt", reason="Danh mục cũ đến muộn")
    assert not outcome.failed_audits
    assert current_id(home) == outcome.release_id


@pytest.fixture(scope="session")
def plain_home(sendings: list[Sent], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The sendings taken in the plain way: all at once, in one run. Tests only look at it."""
    home = open_home(tmp_path_factory.mktemp("invariants-plain") / "home")
    for sent in sendings:
        sent.land(home)
    take_in_and_publish(home)
    return home


@pytest.fixture(scope="session")
def expected(plain_home: Home) -> Hashes:
    """The content that every way of taking in the sendings must come to."""
    return published_hashes(plain_home)
