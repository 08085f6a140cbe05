"""The scorecard against its explanations: two ways of counting, written apart, must agree on a ledger full of cases."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from reports import member_sql, published
from schemas.periods import span
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
MEMBERS = {
    "agency": "SELECT *, agency_code AS member FROM mart.kpi_agency",
    "service": "SELECT *, service_no AS member FROM mart.kpi_service WHERE service_kind = 'essential_service'",
}


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
        rows += [
            {"unit_code": unit, "measure_code": measure, "numerator": draw.choice((100, 100, 100, 99))}
            for unit in COMMUNES[: 4 if quarter == "2023-Q3" else 3]
            for measure in ("official_chip_card", "official_eid_account", "official_portal_account")
        ]
        ledger.send("digital_infrastructure", quarter, rows)
        listed = [
            {
                "database_code": f"CSDL-{number:03}",
                "connected_on": draw.choice((None, date(2021, 3, 5))),
                "last_used_on": draw.choice((None, date(2023, 8, 1), date(2023, 11, 20))),
            }
            for number in range(9)
        ]
        ledger.send(
            "shared_database", quarter, [row for row in listed if row["connected_on"] or not row["last_used_on"]]
        )
    fill_further(ledger, draw)
    fill_merger(ledger, draw)


def fill_merger(ledger: LedgerKit, draw: random.Random) -> None:
    """What was reported before and after three communes became one, under the code of one of them."""
    measures = ("fibre_households", "official_chip_card", "official_eid_account", "official_portal_account")
    before, after = ("12556", "12568", "12577", "12511"), ("12577",)
    for quarter, units in (("2024-Q3", before), ("2024-Q4", after)):
        rows = [
            {"unit_code": unit, "measure_code": measure, "numerator": draw.choice((100, 99))}
            for unit in units
            for measure in measures
        ]
        ledger.send("digital_infrastructure", quarter, rows)
    for week, units in (("2024-W40", before), ("2024-W50", after)):
        ledger.send("identity_issuance", week, [{"unit_code": unit, "cards_issued_cumulative": 40} for unit in units])


def fill_further(ledger: LedgerKit, draw: random.Random) -> None:
    """What comes monthly or in batches about people: answers, payments, checks, the national portal."""
    for month in ("2023-04", "2023-05", "2023-12"):
        answers = [
            {
                "response_no": f"{month} {number}",
                "dossier_code": f"d{draw.randrange(600)}",
                "response_kind": kind,
                "overall_score": draw.randrange(1, 6) if kind == "survey" else None,
                "citizen_token": f"{draw.randrange(9):032}",
                "received_on": date.fromisoformat(f"{month}-02"),
                "due_on": None if kind == "survey" else date.fromisoformat(f"{month}-12"),
                "answered_on": None if kind == "survey" else date.fromisoformat(f"{month}-{draw.choice((10, 12, 14))}"),
            }
            for number in range(120)
            for kind in [draw.choice(("survey", "survey", "feedback"))]
        ]
        ledger.send("satisfaction_response", month, answers)
        payments = [
            {
                "beneficiary_token": f"{person:032}",
                "unit_code": COMMUNES[(person + int(month[-1])) % 4],
                "amount_vnd": Decimal(draw.choice((360_000, 540_000))),
                "payment_method": draw.choice(("cash", "account")),
            }
            for person in range(30)
        ]
        ledger.send("welfare_payment", month, payments)
        checked = [
            {
                "batch_no": f"DS {month}",
                "line_no": number,
                "register_code": draw.choice(("insurance", "tax")),
                "unit_code": draw.choice(COMMUNES),
                "result_code": draw.choice(("matched", "corrected", "not_found")),
                "sent_on": date.fromisoformat(f"{month}-03"),
                "returned_on": date.fromisoformat(f"{month}-15"),
            }
            for number in range(40)
        ]
        ledger.send("population_check_result", f"{month}-15", checked)
        portal = [
            {"agency_code": code, "dossiers_received": 9, "dossiers_online": 9, "dossier_codes": "A.01-230517-0001"}
            for code, _ in AGENCIES
        ]
        ledger.send("portal_reconciliation", month, portal)


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
            WHERE figure.unit_code IN ('34', '336', '338', '12433', '12478', '12556', '12577')
                AND figure.period IN ('2023', '2023-05', '2023-12', '2023-Q4', '2024', '2024-Q3', '2024-Q4', '2024-10')
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


def test_figures_of_agencies_and_services_equal_the_sql_their_indicators_show(home: Home, ledger: LedgerKit) -> None:
    fill(ledger)
    assert build_release(home).is_published
    shared = set(tables.indicator().filter(pl.col("grains").str.contains("service"))["kpi_code"])
    with edition(home, "analyst") as con:
        explanations = dict(con.execute("SELECT kpi_code, sql FROM meta.kpi_sql").fetchall())
        for grain, members in MEMBERS.items():
            compared: set[str] = set()
            figures = con.sql(members).filter("period IN ('2023', '2023-12') AND (numerator <> 0 OR denominator <> 0)")
            named = figures.select("kpi_code, period, member, numerator, denominator")
            for code, period, member, numerator, denominator in named.fetchall():
                sql = member_sql.of_member(explanations[code], grain)
                if sql is not None:
                    days = {"first_on": span(period).first_on, "last_on": span(period).last_on}
                    found = con.execute(published.written_in(sql, {**days, "member": member})).fetchone()
                    assert found is not None
                    assert (found[0] or 0, found[1] or 0) == (numerator or 0, denominator or 0), (code, member, period)
                    compared.add(code)
            assert compared >= shared
