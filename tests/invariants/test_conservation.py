"""No row is lost and none is in two places: counted again from the files, the ledger and the facts, without the receipts.

Receipts and `quality.conservation` say the same of themselves; here nobody takes their word.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest
import python_calamine

from schemas.contract import Sheet
from schemas.extracts import all_extracts
from tests.invariants.conftest import take_in_and_publish
from warehouse import archive
from warehouse.ledger import Receipt, Sending, counting, judgement_folder
from warehouse.parquet import opened_private
from warehouse.storage import Home, open_home

_POSITION = ("delivery_id", "source_sheet", "source_row")
_KEY = {
    "core.fact_dossier": ("one_stop_dossier", ["dossier_code"]),
    "core.fact_identity_issuance": ("identity_issuance", ["unit_code", "period"]),
    "core.fact_work_file": ("work_file_processing", ["agency_code", "period"]),
    "core.fact_essential_service_report": (
        "essential_service_report",
        ["supplier_code", "procedure_code", "period"],
    ),
    "core.fact_target_response": ("target_response", ["supplier_code", "kpi_code", "period"]),
    "core.fact_database_connection": ("shared_database", ["database_code", "period"]),
    "core.fact_satisfaction": ("satisfaction_response", ["response_no"]),
    "core.fact_portal_reconciliation": ("portal_reconciliation", ["agency_code", "period"]),
    "core.fact_population_check": ("population_check_result", ["batch_no", "line_no"]),
    "core.fact_taxpayer": ("taxpayer", ["tax_token", "period"]),
    "core.fact_insurance_participant": ("insurance_participant", ["insurance_token", "period"]),
    "core.fact_land_change": ("land_change", ["change_no"]),
    "core.fact_civil_status": ("civil_status", ["registration_no"]),
    "core.fact_dossier_step": ("dossier_step", ["dossier_code", "step_no"]),
    "core.fact_dossier_payment": ("dossier_payment", ["payment_no"]),
    "core.fact_dossier_digitisation": ("dossier_digitisation", ["dossier_code", "paper_no"]),
    "core.fact_digital_infrastructure": ("digital_infrastructure", ["unit_code", "measure_code", "period"]),
}


@dataclass(frozen=True)
class Judged:
    """A year taken in: which sendings count, their receipts, and the restricted edition to ask."""

    home: Home
    sendings: list[tuple[Sending, str]]
    receipts: Mapping[str, Receipt]
    is_whole_year: bool

    def rows(self, receipt: Receipt, name: str) -> pl.DataFrame:
        """Rows of a ledger file; without columns when there is none."""
        folder = judgement_folder(self.home, receipt.rule_set_id, receipt.delivery_id)
        with opened_private(self.home, folder / f"{name}.parquet") as file:
            return pl.read_parquet(file) if file else pl.DataFrame()

    def positions(self, receipt: Receipt, name: str) -> list[tuple[str | None, int]]:
        """Where the rows of a ledger file stood in the delivery."""
        frame = self.rows(receipt, name)
        return list(frame.select("source_sheet", "source_row").iter_rows()) if frame.width else []

    def content(self, receipt: Receipt) -> bytes:
        """The bytes as they were sent."""
        with archive.open_bytes(self.home, receipt.sha256) as stream:
            return stream.read()


@pytest.fixture(scope="module", params=["some", pytest.param("year", marks=pytest.mark.slow)])
def judged(
    request: pytest.FixtureRequest, province: Path, plain_home: Home, tmp_path_factory: pytest.TempPathFactory
) -> Judged:
    """Some of the sendings of the pretend year, or all of them."""
    if request.param == "some":
        return Judged(plain_home, *counting(plain_home), is_whole_year=False)
    folder = tmp_path_factory.mktemp("conservation") / "home"
    folder.mkdir()
    (folder / "landing").symlink_to(province / "landing")
    home = open_home(folder)
    take_in_and_publish(home, workers=2)
    return Judged(home, *counting(home), is_whole_year=True)


def test_every_file_that_landed_was_taken_in(judged: Judged, province: Path) -> None:
    landed = [file for file in Path(f"{judged.home.landing}/").rglob("*.*") if not file.name.endswith(".manifest.json")]
    digests = sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in landed if file.is_file())
    assert sorted(sending.sha256 for sending, _ in judged.sendings) == digests
    if judged.is_whole_year:
        truth = pl.read_parquet(province / "truth" / "sendings.parquet")
        assert sorted(truth["sha256"]) == digests


def test_every_record_of_a_text_file_is_in_one_place(judged: Judged) -> None:
    seen = 0
    for receipt in judged.receipts.values():
        if not receipt.is_accepted or judged.content(receipt)[:1] != b"[":
            continue
        records = json.loads(judged.content(receipt))
        placed = judged.positions(receipt, "accepted") + judged.positions(receipt, "quarantined")
        assert sorted(row for _, row in placed) == list(range(1, len(records) + 1))
        assert (receipt.positions, receipt.rows_set_aside, receipt.rows_read) == (len(records), 0, len(records))
        seen += 1
    assert seen > (300 if judged.is_whole_year else 3)


def test_every_line_of_a_delimited_file_is_in_one_place(judged: Judged) -> None:
    seen = 0
    for receipt in judged.receipts.values():
        content = judged.content(receipt)
        if not receipt.is_accepted or isinstance(all_extracts()[receipt.extract].layout, Sheet) or content[:1] == b"[":
            continue
        lines = len(content.splitlines())
        placed = judged.positions(receipt, "accepted") + judged.positions(receipt, "quarantined")
        assert sorted(row for _, row in placed) == list(range(2, lines + 1)), "no simulated value holds a line break"
        assert (receipt.positions, receipt.rows_set_aside) == (lines, 1)
        seen += 1
    assert seen > (30 if judged.is_whole_year else 2)


def test_every_row_of_a_sheet_is_read_or_set_aside(judged: Judged) -> None:
    seen = 0
    for receipt in judged.receipts.values():
        if not receipt.is_accepted or not isinstance(all_extracts()[receipt.extract].layout, Sheet):
            continue
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(judged.content(receipt)))
        placed = judged.positions(receipt, "accepted") + judged.positions(receipt, "quarantined")
        (sheet,) = {sheet for sheet, _ in placed}
        height = len(book.get_sheet_by_name(str(sheet)).to_python(skip_empty_area=False))
        rows = [row for _, row in placed]
        assert len(set(rows)) == len(rows), "no row is in two places"
        assert set(rows) <= set(range(1, height + 1))
        assert receipt.positions == height == len(rows) + (receipt.rows_set_aside or 0)
        assert receipt.rows_set_aside == sum(receipt.set_aside_kinds.values())
        seen += 1
    assert seen > (70 if judged.is_whole_year else 7)


def test_both_sides_of_a_judgement_agree_with_its_findings(judged: Judged) -> None:
    for receipt in judged.receipts.values():
        rejected, quarantined = judged.positions(receipt, "rejected"), judged.positions(receipt, "quarantined")
        assert rejected == quarantined
        assert (receipt.rows_accepted, receipt.rows_quarantined) == (
            len(judged.positions(receipt, "accepted")),
            len(quarantined),
        )
        found = judged.rows(receipt, "findings")
        by_rule = dict(found.group_by("rule_code").len().iter_rows()) if found.width else {}
        assert by_rule == dict(receipt.rule_rows) or not receipt.is_accepted
        assert set(quarantined) <= set(judged.positions(receipt, "findings"))


def test_a_refused_file_gives_no_rows(judged: Judged) -> None:
    refused = [receipt for receipt in judged.receipts.values() if not receipt.is_accepted]
    assert len(refused) > (10 if judged.is_whole_year else 2)
    for receipt in refused:
        assert receipt.files == {}
        assert receipt.rows_structural == receipt.rows_read
        assert not judged.positions(receipt, "accepted")


@pytest.mark.parametrize("fact", _KEY)
def test_every_accepted_row_is_in_the_fact_older_or_set_aside_by_the_release(judged: Judged, fact: str) -> None:
    extract, key = _KEY[fact]
    counted = {
        sending.delivery_id: (number, sending)
        for number, (sending, status) in enumerate(sorted(judged.sendings, key=lambda pair: pair[0].received_at))
        if status == "accepted" and sending.extract == extract
    }
    accepted = pl.concat(
        judged.rows(judged.receipts[delivery_id], "accepted").with_columns(
            period=pl.lit(sending.period), supplier_code=pl.lit(sending.supplier_code), number=pl.lit(number)
        )
        for delivery_id, (number, sending) in counted.items()
    )
    with duckdb.connect(f"{judged.home.releases}/current/restricted.duckdb", read_only=True) as con:
        shown = con.sql(f"SELECT source_delivery_id AS delivery_id, source_sheet, source_row FROM {fact}").pl()
        set_aside = con.sql(
            "SELECT DISTINCT delivery_id, source_sheet, source_row FROM quality.quarantine "
            f"WHERE stage = 'release' AND severity = 'quarantine' AND extract = '{extract}'"
        ).pl()
    set_aside = set_aside.filter(pl.col("delivery_id").is_in(list(counted)))
    sound = accepted.join(set_aside, on=_POSITION, how="anti", nulls_equal=True)
    assert sound.height + set_aside.height == accepted.height, "what the release set aside was accepted at the gate"
    order = [
        name for name in ("updated_at", "ended_at", "recorded_at", "number", "source_row") if name in sound.columns
    ]
    latest = sound.sort(order).unique(key, keep="last", maintain_order=True)
    assert sorted(shown.rows(), key=str) == sorted(latest.select(_POSITION).rows(), key=str)
    older = sound.height - latest.height
    assert accepted.height == shown.height + older + set_aside.height
    assert shown.height
    if fact == "core.fact_dossier" and judged.is_whole_year:
        assert older
        assert set_aside.height
