"""The scorecard against its explanations: two ways of counting, written apart, must agree on a ledger full of cases."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from schemas.reference import tables
from tests.warehouse.release.conftest import edition
from tests.warehouse.release.ledger_kit import LedgerKit
from warehouse.release import build_release
from warehouse.sql_models import load_explanations
from warehouse.storage import Home

COMMUNES = ("12433", "12436", "12439", "12478")
AGENCIES = (("H54.53", "province"), ("H54.31", "district"), ("H54.31.01", "commune"), ("H54.32.01", "commune"))
ESSENTIAL = ("1.012566", "2.001194", "2.001195")
FIRST_ON = date(2022, 11, 1)


def dossier(number: int, draw: random.Random) -> dict[str, Any]:
    received_on = FIRST_ON + timedelta(days=draw.randrange(440))
    status = draw.choice((1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 10, 10))
    due_on = draw.choice((None, received_on + timedelta(days=10)))
    finished_on = received_on + timedelta(days=draw.choice((0, 5, 10, 11, 40)))
    return {
        "dossier_code": f"d{number}",
        "procedure_code": draw.choice((*ESSENTIAL, "1.000001")),
        "channel_code": draw.choice((1, 2, 2, 3)),
        "status_code": status,
        "received_on": None if status in (1, 3) and draw.random() < 0.5 else received_on,
        "due_on": due_on,
        "finished_on": finished_on if status in (7, 9, 10) else None,
        "unit_code": draw.choice(COMMUNES),
        "amount_due_vnd": draw.choice((None, 0, 50_000)),
        "paid_online": draw.choice((True, False, None)),
        "components_digitised": draw.choice((True, False, None)),
        "result_digitised": draw.choice((True, False)),
        "vneid_authenticated": draw.choice((True, False)),
        "updated_at": datetime.combine(finished_on, datetime.min.time()),
    }


def fill(ledger: LedgerKit) -> None:
    draw = random.Random(20230517)
    codes = (*ESSENTIAL, "1.000001")
    listed = [{"procedure_code": code, "full_process_eligible": code != "1.000001"} for code in codes]
    ledger.send("procedure_catalogue", "2022-01-01", listed)
    ledger.send("procedure_catalogue", "2023-07-01", [row | {"service_level": "partial"} for row in listed[1:]])
    ledger.send("one_stop_dossier", "2023-01-01", [dossier(number, draw) for number in range(600)])
    papers = [
        {"dossier_code": f"d{number}", "paper_no": paper, "is_reused": draw.random() < 0.3}
        for number in range(0, 640, 2)
        for paper in (1, 2)
    ]
    ledger.send("dossier_digitisation", "2023-01-02", papers)
    rejected = [
        {"dossier_code": f"d{number}", "updated_at": datetime.fromisoformat("2024-06-01T00:00:00")}
        for number in range(40)
    ]
    ledger.send("one_stop_dossier", "2024-01-20", rejected=rejected)
    for week in ("2023-W17", "2023-W18", "2023-W50"):
        rows = [
            {
                "unit_code": unit,
                "cards_issued_cumulative": draw.randrange(90),
                "eid_activated_cumulative": draw.randrange(90),
            }
            for unit in COMMUNES[: 4 if week == "2023-W18" else 2]
        ]
        ledger.send("identity_issuance", week, rows)
    for month in ("2023-04", "2023-05", "2023-12"):
        rows = [
            {"agency_code": code, "level_code": level, "files_total": 100, "files_online": draw.randrange(100)}
            for code, level in AGENCIES
        ]
        ledger.send("work_file_processing", month, rows)
    for quarter in ("2023-Q3", "2023-Q4"):
        rows = [
            {"unit_code": unit, "measure_code": measure, "numerator": draw.randrange(90)}
            for unit in COMMUNES[: 4 if quarter == "2023-Q3" else 3]
            for measure in ("fibre_households", "fibre_communes", "accounts_15plus")
        ]
        rows.append({"unit_code": "34", "measure_code": "shared_databases", "numerator": 90})
        ledger.send("digital_infrastructure", quarter, rows)


def test_every_indicator_is_explained() -> None:
    assert load_explanations().keys() == set(tables.indicator()["kpi_code"])


def test_figures_equal_their_explanations(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    outcome = build_release(home)
    assert outcome.is_published, outcome.failed_audits
    compared: set[str] = set()
    with edition(home, "analyst") as con:
        figures = con.execute(
            """
            SELECT figure.kpi_code, figure.unit_key, period.first_on, period.last_on, figure.numerator, figure.denominator
            FROM mart.kpi_scorecard AS figure
            JOIN core.dim_period AS period USING (period)
            WHERE figure.unit_code IN ('34', '336', '338', '12433', '12478')
                AND figure.period IN ('2023', '2023-05', '2023-12', '2024')
                AND figure.source_table IS NOT NULL
            """
        ).fetchall()
        explanations = dict(con.execute("SELECT kpi_code, sql FROM meta.kpi_sql").fetchall())
        for code, unit_key, first_on, last_on, numerator, denominator in figures:
            asked = {"unit_key": unit_key, "first_on": first_on, "last_on": last_on}
            taken = {name: value for name, value in asked.items() if f"${name}" in explanations[code]}
            found = con.execute(explanations[code], taken).fetchone()
            assert found is not None
            said = (numerator or 0, denominator or 0)
            assert (found[0] or 0, found[1] or 0) == said, (code, unit_key, first_on)
            if any(said):
                compared.add(code)
    assert compared == explanations.keys()
