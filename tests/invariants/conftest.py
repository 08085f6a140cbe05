"""A pretend province and a small selection of its sendings in which everything occurs that can happen to a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
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


@pytest.fixture(scope="session")
def amended(sendings: list[Sent]) -> list[Sent]:
    """The sendings, and what takes back, corrects or deletes what some of them say, and says some of it again."""
    days = {sent.period: sent for sent in sendings if sent.extract == "one_stop_dossier"}
    taken_back, deleted_in = days[_PLAIN_DAYS[1]], days[_PLAIN_DAYS[2]]
    withdrawal = {"withdrawn_delivery_id": taken_back.delivery_id, "decided_by": "Trần Văn Mẫu", "reason": "Gửi nhầm"}
    letter = replace(
        taken_back,
        extract="delivery_withdrawal",
        name="rut.json",
        content=json.dumps([withdrawal]).encode(),
        received_at=taken_back.received_at + timedelta(days=20),
    )
    register = next(sent for sent in sendings if sent.extract == "taxpayer")
    title, first, *_ = register.content.decode().splitlines()
    corrections = replace(
        register,
        name="dinhchinh.csv",
        content=f"{title}\n{first.replace('|00|', '|03|')}\n".encode(),
        received_at=register.received_at + timedelta(days=9),
        is_corrections=True,
    )
    said = json.loads(deleted_in.content)[:3]
    return [*sendings, letter, corrections, *_deleted_and_said_again(deleted_in, said)]


def _deleted_and_said_again(day: Sent, said: Sequence[Mapping[str, object]]) -> list[Sent]:
    """Three dossiers sent once more as deleted, then the first of them alive."""
    files = []
    for number, (rows, is_deleted) in enumerate(((said, "Có"), (said[:1], "Không")), start=1):
        moment = f"{date.fromisoformat(day.period) + timedelta(days=20 + number)}"
        content = [row | {"NgayCapNhat": f"{moment}T09:00:00", "DaXoa": is_deleted} for row in map(dict, rows)]
        received_at = day.received_at + timedelta(days=20 + number)
        files.append(
            replace(day, period=moment, name="hoso.json", content=json.dumps(content).encode(), received_at=received_at)
        )
    return files


@pytest.fixture(scope="session")
def expected_amended(amended: list[Sent], tmp_path_factory: pytest.TempPathFactory) -> Hashes:
    """The content that every way of taking in all of these must come to."""
    home = open_home(tmp_path_factory.mktemp("invariants-amended") / "home")
    for sent in amended:
        sent.land(home)
    take_in_and_publish(home)
    found = published_hashes(home)
    assert all(found[f"quality.{table}"][0] > 0 for table in ("withdrawal", "correction", "deletion"))
    return found


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
