"""From a row back to its files and lines, without showing more than asked for."""

from __future__ import annotations

import json
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.extracts import all_extracts
from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse.publishing import NoSuchReleaseError
from warehouse.release import build_release
from warehouse.storage import Home
from warehouse.tracing import NotTraceableError, trace

CODE = "000.00.53.H54-230517-0001"
NAME = "Nguyễn Thị Bưởi"
TITLES = [column.headers[0] for column in all_extracts()["one_stop_dossier"].columns if column.must_exist]


@pytest.fixture
def traced(home: Home, ledger: LedgerKit, tmp_path: Path) -> Home:
    """A dossier in three files: an older state, the shown one, and a newer one that was rejected."""
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    for period, status in (("2023-05-17", 2), ("2023-05-18", 4)):
        file = tmp_path / f"{period}.json"
        records = [dict.fromkeys(TITLES, "") | {"MaHoSo": code, "ChuHoSo": NAME} for code in ("another", CODE)]
        file.write_text("[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in records) + "\n]")
        rows: list[dict[str, Any]] = [
            {"dossier_code": f"another {period}"},
            {"status_code": status, "updated_at": _at(period)},
        ]
        ledger.send("one_stop_dossier", period, rows, archived=file)
    ledger.send(
        "one_stop_dossier",
        "2023-05-19",
        rejected=[{"dossier_code": CODE, "updated_at": _at("2023-05-19"), "rule_code": "row.finish_before_receipt"}],
    )
    build_release(home)
    return home


def _at(period: str) -> datetime:
    return datetime.fromisoformat(f"{period}T09:00:00")


def test_every_record_of_a_dossier_is_found_with_its_line(traced: Home) -> None:
    found = trace(traced, "core.fact_dossier", CODE)
    assert [(each.fate, each.period, each.source_row, each.line) for each in found.records] == [
        ("rejected", "2023-05-19", 1, None),
        ("shown", "2023-05-18", 2, 3),
        ("older", "2023-05-17", 2, 3),
    ]
    assert found.row["status_code"] == 4
    assert [finding.rule_code for finding in found.records[0].findings] == ["row.finish_before_receipt"]
    assert found.is_simulated


def test_nothing_personal_is_shown_without_a_reason(traced: Home) -> None:
    found = trace(traced, "core.fact_dossier", CODE)
    assert NAME not in repr(found)
    assert all(each.raw is None for each in found.records)
    assert not (Path(str(traced.ledger)) / "processing_log.jsonl").exists()


def test_a_revelation_is_logged_with_its_reason(traced: Home) -> None:
    found = trace(traced, "core.fact_dossier", CODE, reveal="đối chiếu theo đơn của công dân")
    assert NAME in str(found.records[1].raw)
    log = Path(str(traced.ledger)) / "processing_log.jsonl"
    entry = json.loads(log.read_text(encoding="utf-8"))
    assert entry["why"] == "đối chiếu theo đơn của công dân"
    assert entry["key"] == CODE
    assert entry["who"]
    assert entry["at"]
    assert NAME not in log.read_text(encoding="utf-8")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_record_of_a_format_without_lines_is_found_by_its_number(
    home: Home, ledger: LedgerKit, tmp_path: Path
) -> None:
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    cells = dict.fromkeys(TITLES, "") | {"MaHoSo": CODE, "ChuHoSo": NAME}
    record = "".join(f"<{title}>{text}</{title}>" for title, text in cells.items())
    file = tmp_path / "hoso.xml"
    file.write_text(
        f"<list>\n<dossier>{record.replace(NAME, 'Trần Văn Nam')}</dossier>\n<dossier>{record}</dossier></list>"
    )
    ledger.send("one_stop_dossier", "2023-05-17", [{"dossier_code": "another"}, {}], archived=file)
    build_release(home)
    (found,) = trace(home, "core.fact_dossier", CODE, reveal="đối chiếu").records
    assert (found.source_row, found.line) == (2, None)
    assert json.loads(str(found.raw))["applicant_name"] == NAME


def test_an_empty_reason_is_none(traced: Home) -> None:
    with pytest.raises(NotTraceableError):
        trace(traced, "core.fact_dossier", CODE, reveal="  ")


def test_keys_of_several_parts(traced: Home) -> None:
    found = trace(traced, "mart.kpi_scorecard", "O01/2023/34")
    assert found.row["numerator"] == 3
    assert found.records == ()
    version = trace(traced, "core.dim_service", "1.000001@2023-01-01")
    assert [each.fate for each in version.records] == ["shown"]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("core.nothing", "x"),
        ("core.fact_dossier", "absent"),
        ("mart.kpi_scorecard", "T09"),
        ("stage.dossier_latest", "x"),
        ("quality.quarantined_row", "x"),
    ],
)
def test_what_cannot_be_traced_says_so(traced: Home, table: str, key: str) -> None:
    with pytest.raises(NotTraceableError):
        trace(traced, table, key)


def test_before_the_first_release_there_is_nothing_to_trace(home: Home) -> None:
    with pytest.raises(NoSuchReleaseError):
        trace(home, "core.fact_dossier", CODE)


def test_what_was_deleted_is_traced_to_what_said_so_and_to_what_was_said_before(home: Home, ledger: LedgerKit) -> None:
    ledger.send("procedure_catalogue", "2023-01-01", [{}])
    profile = {"is_deleted": {"filled": 1}}
    for day, codes in ((17, ("gone", "back")), (18, ("gone", "back")), (19, ("back",))):
        said = {"updated_at": _at(f"2023-05-{day}"), "is_deleted": day == 18}
        ledger.send(
            "one_stop_dossier", f"2023-05-{day}", [{"dossier_code": code} | said for code in codes], profile=profile
        )
    build_release(home)
    gone, back = (trace(home, "core.fact_dossier", code) for code in ("gone", "back"))
    assert gone.row == {}
    before = [("deleted", "2023-05-18"), ("deleted", "2023-05-17")]
    assert [(each.fate, each.period) for each in gone.records] == before
    assert [(each.fate, each.period) for each in back.records] == [("shown", "2023-05-19"), *before]
    with pytest.raises(NotTraceableError):
        trace(home, "core.fact_dossier", "never sent")
