"""Lists of units, agencies and procedures in whole releases: decisions about held lists, orders of arrival, national size."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.history.lists_in_memory import DatedList, Row
from tests.warehouse.history.oracle import expected_versions
from tests.warehouse.release.conftest import Query, edition
from tests.warehouse.release.ledger_kit import HANOI, LedgerKit
from warehouse.release import build_release
from warehouse.storage import Home, open_home

LISTS: list[tuple[str, str, list[dict[str, Any]], datetime]] = [
    ("administrative_unit_list", "2024-02-01", [{"list_kind": "delta", "name": "Một"}], datetime(2024, 3, 1, tzinfo=HANOI)),
    ("administrative_unit_list", "2024-02-01", [{"list_kind": "delta", "name": "Hai"}], datetime(2024, 3, 9, tzinfo=HANOI)),
    ("administrative_unit_list", "2023-02-01", [{"list_kind": "delta", "name": "Ba"}], datetime(2024, 5, 1, tzinfo=HANOI)),
    ("agency_list", "2023-03-01", [{"list_kind": "delta"}], datetime(2023, 3, 2, tzinfo=HANOI)),
]  # fmt: skip


@pytest.mark.slow
def test_versions_do_not_depend_on_the_order_of_recording(tmp_path: Path) -> None:
    found = set()
    for number, order in enumerate(list(permutations(LISTS))[::5]):
        home = open_home(tmp_path / str(number))
        ledger = LedgerKit(home)
        for extract, period, rows, received_at in (*order, order[0]):
            ledger.send(extract, period, rows, received_at=received_at)
        tables = build_release(home).tables
        found.add((tables["core.dim_administrative_unit"], tables["core.dim_agency"], tables["quality.reference_list"]))
        with edition(home) as con:
            names = con.execute(
                "SELECT name FROM core.dim_administrative_unit WHERE unit_code = '12433' ORDER BY valid_from"
            ).fetchall()
        assert names == [("Lê Hồng Phong",), ("Ba",), ("Hai",)]
    assert len(found) == 1


def test_a_decision_releases_a_held_list(ledger: LedgerKit, query: Query) -> None:
    codes = [f"1.0000{number:02}" for number in range(20)]
    ledger.send("procedure_catalogue", "2022-01-01", [{"procedure_code": code} for code in codes])
    cut = ledger.send("procedure_catalogue", "2023-01-01", [{"procedure_code": code} for code in codes[:5]])
    running = "SELECT count(*) FROM core.dim_service WHERE valid_to IS NULL"
    states = "SELECT state FROM quality.reference_list ORDER BY in_force_on"
    assert query(running) == [(20,)]
    assert query(states) == [("counts",), ("held",)]
    (sha256,) = query("SELECT sha256 FROM quality.reference_list WHERE state = 'held'")[0]
    assert sha256 == cut.sha256
    ledger.send("list_decision", "2023-01-05", [{"list_sha256": sha256}])
    assert query(running) == [(5,)]
    ledger.send("list_decision", "2023-01-09", [{"list_sha256": sha256, "decision": "rejected"}])
    assert query(running) == [(20,)]
    assert query(states) == [("counts",), ("rejected",)]


@pytest.mark.parametrize("seed", range(3))
def test_units_of_shuffled_lists_are_those_of_the_oracle(seed: int, home: Home, ledger: LedgerKit) -> None:
    """Lists of one province, one of them cut short, one sent twice, one corrected for its day, in any order."""
    draws = random.Random(seed)
    names = {f"{number:05}": "Một" for number in range(50_000, 50_060)}
    sent: list[DatedList] = []
    for year in range(2010, 2018):
        names |= {code: f"{names[code]}{year}" for code in draws.sample(sorted(names), 9)}
        for code in draws.sample(sorted(names), 4):
            del names[code]
        sent.append(DatedList(date(year, 1, 1), {code: Row(name, "51") for code, name in names.items()}, "partial"))
    sent.append(DatedList(sent[3].in_force_on, dict(list(sent[3].rows.items())[:20]), "partial"))
    sent.append(DatedList(sent[5].in_force_on, {**sent[5].rows, "50999": Row("Bổ sung", "51")}, "partial"))
    draws.shuffle(sent)
    arrived = [*sent, sent[0]]
    for number, each in enumerate(arrived):
        rows = [
            {
                "unit_code": code,
                "name": row.facts,
                "parent_code": None,
                "province_code": row.scope,
                "list_kind": each.kind,
            }
            for code, row in each.rows.items()
        ]
        received_at = datetime(2023, 1, 1, tzinfo=HANOI) + timedelta(days=number)
        ledger.send("administrative_unit_list", each.in_force_on.isoformat(), rows, received_at=received_at)
    outcome = build_release(home)
    assert outcome.is_published, outcome.failed_audits
    with edition(home) as con:
        found = con.execute(
            "SELECT unit_code, valid_from, valid_to, name FROM core.unit_version WHERE province_code = '51' ORDER BY ALL"
        ).fetchall()
        states = con.execute("SELECT count(*) FROM quality.reference_list WHERE state = 'held'").fetchone()
    expected = [
        (
            code,
            valid_from,
            valid_to,
            list(arrived[int(at.split("/")[0])].rows.values())[int(at.split("/")[1]) - 1].facts,
        )
        for code, valid_from, valid_to, at in expected_versions(arrived, 0.2, 5)
    ]
    assert found == expected
    assert states == (1,)


@pytest.mark.slow
def test_a_national_list_makes_no_trouble(home: Home, ledger: LedgerKit) -> None:
    """Every province with districts and communes, besides the packaged ones: the release is sound and the province's own
    figures stay where they were."""
    communes: list[dict[str, Any]] = [
        {
            "unit_code": f"{province}{number:03}",
            "unit_type": "Xã",
            "name": f"Số {number}",
            "parent_code": f"9{province}",
            "province_code": f"{province}",
        }
        for province in range(40, 70)
        for number in range(100)
    ]
    above: list[dict[str, Any]] = [
        {
            "unit_code": code,
            "unit_type": unit_type,
            "level": level,
            "name": code,
            "parent_code": parent_code,
            "province_code": f"{province}",
        }
        for province in range(40, 70)
        for code, unit_type, level, parent_code in (
            (f"{province}", "Tỉnh", "province", None),
            (f"9{province}", "Huyện", "district", f"{province}"),
        )
    ]
    ledger.send("procedure_catalogue", "2022-01-01", [{}])
    ledger.send("one_stop_dossier", "2023-05-17", [{}])
    ledger.send(
        "administrative_unit_list", "2022-01-01", [row | {"list_kind": "partial"} for row in (*communes, *above)]
    )
    outcome = build_release(home)
    assert outcome.is_published, outcome.failed_audits
    with edition(home) as con:
        assert con.execute("SELECT count(*) FROM core.dim_administrative_unit").fetchone() == (345 + 3060,)
        assert con.execute("SELECT unit_key FROM core.fact_dossier").fetchall() == [("12433@2020-03-01",)]
