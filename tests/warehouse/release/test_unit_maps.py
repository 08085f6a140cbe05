"""Figures on the map of another day: what each unit became, what it was before, and what nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import polars as pl
import pytest

from schemas.reference import tables
from tests.warehouse.release.conftest import edition
from tests.warehouse.release.ledger_kit import AGENCY, LedgerKit
from warehouse import duck
from warehouse.publishing import find_release
from warehouse.release import build_release
from warehouse.storage import Home

EARLY, MERGED, REFORMED = "2024-01-31", "2024-11-30", "2025-07-31"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A release with dossiers in every commune of January 2024, their number growing with the commune's code."""
    from warehouse.storage import open_home

    home = open_home(tmp_path_factory.mktemp("maps"))
    ledger = LedgerKit(home)
    ledger.send("procedure_catalogue", "2022-01-01", [{}])
    ledger.send(
        "one_stop_dossier",
        "2024-01-15",
        [
            {"dossier_code": f"{code}-{number}", "unit_code": code, "agency_code": AGENCY, "status_code": status}
            for code in communes_on(EARLY)
            for number, status in enumerate([4, 9, 7, 4, 9][: int(code) % 5 + 1])
        ],
    )
    ledger.send("digital_infrastructure", "2023-Q4", [{"unit_code": code} for code in communes_on(EARLY)])
    outcome = build_release(home)
    assert outcome.is_published, outcome.failed_audits
    return home


@pytest.fixture
def con(published: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with edition(published, "analyst") as opened:
        yield opened


def communes_on(day: str) -> list[str]:
    on = pl.lit(day).str.to_date()
    return (
        tables.administrative_unit()
        .filter(
            (pl.col("level") == "commune")
            & (pl.col("valid_from") <= on)
            & (pl.col("valid_to").is_null() | (pl.col("valid_to") > on))
        )["unit_code"]
        .to_list()
    )


def on_map(con: duckdb.DuckDBPyConnection, unit_code: str, on_date: str, map_date: str) -> list[Any]:
    return con.execute(
        "SELECT map_unit_key, derivation FROM core.unit_on_map(?, ?, ?)", [unit_code, on_date, map_date]
    ).fetchall()


@pytest.mark.parametrize(
    ("unit_code", "on_date", "map_date", "expected"),
    [
        ("12452", EARLY, EARLY, ("12452@2020-03-01", "same unit")),
        ("12452", EARLY, REFORMED, ("12452@2025-07-01", "derived")),
        ("12556", EARLY, MERGED, ("12577@2024-11-01", "derived")),
        # Two steps: 12556 went into 12577 in 2024, and that into a commune of 2025.
        ("12556", EARLY, REFORMED, ("12577@2025-07-01", "derived")),
        # Made out of several: what part of its figures belonged to which of them, nobody has written down.
        ("12577", MERGED, EARLY, (None, "not derivable")),
        ("12452", REFORMED, EARLY, (None, "not derivable")),
        # The districts ended without successor, and the new communes do not follow their borders.
        ("336", EARLY, REFORMED, (None, "not derivable")),
        ("336", EARLY, MERGED, ("336@2020-03-01", "same unit")),
        ("99999", EARLY, REFORMED, (None, "unknown unit")),
        ("12556", REFORMED, EARLY, (None, "unknown unit")),
    ],
)
def test_where_a_unit_lies(
    con: duckdb.DuckDBPyConnection, unit_code: str, on_date: str, map_date: str, expected: tuple[Any, ...]
) -> None:
    assert on_map(con, unit_code, on_date, map_date) == [expected]


def test_every_commune_has_its_place_on_each_later_map(con: duckdb.DuckDBPyConnection) -> None:
    for map_date, units in ((EARLY, 260), (MERGED, 242), (REFORMED, 65)):
        found = con.execute(
            "SELECT count(*), count(DISTINCT place.map_unit_key) FROM core.dim_administrative_unit AS unit, "
            "core.unit_on_map(unit.unit_code, DATE '2024-01-31', ?::DATE) AS place "
            "WHERE unit.level = 'commune' AND unit.valid_from <= DATE '2024-01-31' AND place.map_unit_key IS NOT NULL "
            "AND unit.valid_to > DATE '2024-01-31'",
            [map_date],
        ).fetchone()
        assert found == (260, units)


def test_the_scorecard_adds_up_over_the_communes_of_2025(con: duckdb.DuckDBPyConnection) -> None:
    """Each figure of the map of January 2024 equals the sum over its communes of July 2025: the province's, and those of
    the districts whose communes went into communes of their own."""
    con.execute(
        """
        CREATE TEMP TABLE on_new_map AS
        SELECT scorecard.kpi_code, scorecard.period, place.map_unit_key, unit.district_code, unit.province_code,
            sum(scorecard.numerator) AS numerator, sum(scorecard.denominator) AS denominator
        FROM mart.kpi_scorecard AS scorecard
        JOIN core.dim_administrative_unit AS unit ON unit.unit_key = scorecard.unit_key,
            core.unit_on_map(unit.unit_code, DATE '2024-01-31', DATE '2025-07-31') AS place
        WHERE scorecard.unit_level = 'commune' AND scorecard.period IN ('2024', '2024-01', '2023-12')
        GROUP BY ALL
        """
    )
    compared = con.execute(
        """
        WITH astride AS (
            SELECT map_unit_key FROM on_new_map GROUP BY map_unit_key HAVING count(DISTINCT district_code) > 1
        ),
        whole AS (
            SELECT district_code FROM on_new_map GROUP BY district_code
            HAVING count(*) FILTER (map_unit_key IN (SELECT map_unit_key FROM astride)) = 0
        ),
        total AS (
            SELECT kpi_code, period, province_code AS unit_code, sum(numerator) AS numerator, sum(denominator) AS denominator
            FROM on_new_map GROUP BY ALL
            UNION ALL
            SELECT kpi_code, period, district_code, sum(numerator), sum(denominator)
            FROM on_new_map WHERE district_code IN (SELECT district_code FROM whole) GROUP BY ALL
        )
        SELECT scorecard.unit_level, count(*), count(*) FILTER (
            (scorecard.numerator, scorecard.denominator) IS DISTINCT FROM (total.numerator, total.denominator)
        )
        FROM mart.kpi_scorecard AS scorecard
        JOIN total ON total.kpi_code = scorecard.kpi_code AND total.period = scorecard.period
            AND total.unit_code = scorecard.unit_code
        WHERE scorecard.kpi_set = 'operations' AND scorecard.unit_level <> 'commune'
        GROUP BY scorecard.unit_level ORDER BY scorecard.unit_level
        """
    ).fetchall()
    assert [level for level, _, _ in compared] == ["district", "province"]
    assert all(figures > 10 for _, figures, _ in compared)
    assert [different for _, _, different in compared] == [0, 0]
    assert con.execute("SELECT count(DISTINCT map_unit_key) FROM on_new_map").fetchone() == (65,)


def test_a_renamed_unit_and_one_that_changed_its_district(ledger: LedgerKit, home: Home) -> None:
    """A change of name without an act leaves open whether it is the same unit; a change of the unit above does not."""
    ledger.send(
        "administrative_unit_list",
        "2022-01-01",
        [
            {"list_kind": "delta", "unit_code": "12433", "name": "Tên khác"},
            {"list_kind": "delta", "unit_code": "12436", "name": "Bồ Xuyên", "parent_code": "338"},
        ],
    )
    assert build_release(home).is_published
    with edition(home) as con:
        assert on_map(con, "12433", "2021-01-01", EARLY) == [(None, "not derivable")]
        assert on_map(con, "12436", "2021-01-01", EARLY) == [("12436@2022-01-01", "derived")]
        assert on_map(con, "12436", EARLY, "2021-01-01") == [("12436@2020-03-01", "derived")]


def test_any_client_can_ask_the_file(published: Home) -> None:
    release = find_release(published)
    assert release is not None
    plain = duckdb.connect(str(release.folder / "analyst.duckdb"), read_only=True)
    question = "SELECT map_unit_code FROM core.unit_on_map('12556', DATE '2024-01-31', DATE '2024-11-30')"
    assert plain.execute(question).fetchall() == [("12577",)]
    plain.close()
    attached = duck.connect()
    duck.attach(attached, release.folder / "analyst.duckdb", "kho", read_only=True)
    assert attached.execute(
        "SELECT map_unit_code FROM kho.core.bridge_unit_map WHERE unit_code = '12556' AND map_from = DATE '2024-11-01'"
    ).fetchall() == [("12577",)]
    attached.execute("USE kho")
    assert attached.execute(question).fetchall() == [("12577",)]
    attached.close()


def test_successions_point_to_versions(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute(
        "SELECT count(*), count(old_unit_key), count(new_unit_key) FROM core.bridge_unit_succession"
    ).fetchall() == [(270, 270, 270)]
    assert con.execute(
        "SELECT count(*), count(old_agency_key), count(new_code) - count(new_agency_key) FROM core.bridge_agency_succession"
    ).fetchall() == [(35, 35, 0)]


def test_a_split_is_told_with_its_shares_but_moves_no_figure(ledger: LedgerKit, home: Home) -> None:
    halves = [{"old_code": "12433", "new_code": code, "share": 0.5} for code in ("12436", "99999")]
    ledger.send("succession_list", "2022-01-01", halves)
    ledger.send(
        "administrative_unit_list",
        "2022-01-01",
        [
            {"list_kind": "delta", "is_ended": True},
            {"list_kind": "delta", "unit_code": "99999", "name": "Phường Mới"},
            {"list_kind": "delta", "unit_code": "12436", "name": "Bồ Xuyên"},
        ],
    )
    assert build_release(home).is_published
    with edition(home) as con:
        assert con.execute(
            "SELECT new_unit_key, share, change FROM core.bridge_unit_succession WHERE old_code = '12433' "
            "AND effective_on = DATE '2022-01-01' ORDER BY new_code"
        ).fetchall() == [("12436@2022-01-01", 0.5, "split"), ("99999@2022-01-01", 0.5, "split")]
        for asked in (("12433", "2021-01-01", EARLY), ("99999", EARLY, "2021-01-01"), ("12436", EARLY, "2021-01-01")):
            assert on_map(con, *asked) == [(None, "not derivable")]


def test_a_new_code_for_a_whole_unit_can_be_followed_both_ways(ledger: LedgerKit, home: Home) -> None:
    ledger.send("succession_list", "2022-01-01", [{"old_code": "12433", "new_code": "99999", "legal_act": "NQ 1"}])
    ledger.send(
        "administrative_unit_list",
        "2022-01-01",
        [
            {"list_kind": "delta", "is_ended": True},
            {"list_kind": "delta", "unit_code": "99999", "name": "Phường Mới"},
        ],
    )
    assert build_release(home).is_published
    with edition(home) as con:
        assert on_map(con, "12433", "2021-01-01", EARLY) == [("99999@2022-01-01", "derived")]
        assert on_map(con, "99999", EARLY, "2021-01-01") == [("12433@2020-03-01", "derived")]


def test_procedures_that_change_their_code(ledger: LedgerKit, home: Home) -> None:
    ledger.send("procedure_catalogue", "2022-01-01", [{"procedure_code": "1.000001"}])
    ledger.send("procedure_catalogue", "2023-01-01", [{"procedure_code": "1.000002"}])
    ledger.send(
        "succession_list",
        "2023-01-01",
        [{"subject": "service", "old_code": "1.000001", "new_code": "1.000002"}],
        supplier="VPUB",
    )
    assert build_release(home).is_published
    with edition(home) as con:
        assert con.execute(
            "SELECT old_service_key, new_service_key, share FROM core.bridge_service_succession"
        ).fetchall() == [("1.000001@2022-01-01", "1.000002@2023-01-01", 1.0)]
