"""Figures on the map of another day: what each unit became, what it was before, and what nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
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
UNREPORTED = "12433"
"""The commune of which nobody reported the accounts."""


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
    households = [{"unit_code": code, "numerator": int(code) % 90} for code in communes_on(EARLY)]
    accounts = [row | {"measure_code": "accounts_15plus"} for row in households if row["unit_code"] != UNREPORTED]
    ledger.send("digital_infrastructure", "2023-Q4", [*households, *accounts])
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


FIGURES = ["kpi_code", "period", "unit_code", "numerator", "denominator"]


def scorecard_on(con: duckdb.DuckDBPyConnection, map_date: str, level: str) -> pl.DataFrame:
    """The scorecard on the map of a day, units of one level: `FIGURES`, `value` and `is_derivable`, sorted."""
    asked = con.execute("SELECT * FROM mart.kpi_on_map(?) WHERE unit_level = ?", [map_date, level])
    return asked.pl().select(*FIGURES, "value", "is_derivable").sort(FIGURES[:3])


def successor_of() -> dict[tuple[str, str], str]:
    """Where a commune of January 2024 went, by its code and the map: followed through the packaged acts by hand."""
    acts = tables.unit_succession().sort("effective_on").select("old_code", "new_code", "effective_on").rows()
    found = {}
    for map_date in (EARLY, MERGED, REFORMED):
        for code in communes_on(EARLY):
            now = code
            for day in sorted({effective_on for *_, effective_on in acts if str(effective_on) <= map_date}):
                now = {old: new for old, new, on in acts if on == day}.get(now, now)
            found[code, map_date] = now
    return found


@pytest.mark.parametrize(("map_date", "communes"), [(EARLY, 260), (MERGED, 242), (REFORMED, 65)])
def test_every_commune_of_a_map_has_the_sum_of_what_went_into_it(
    con: duckdb.DuckDBPyConnection, map_date: str, communes: int
) -> None:
    """All indicators and periods, added up by Polars along the acts, against the figures on the map."""
    went_to = {code: new for (code, day), new in successor_of().items() if day == map_date}
    own = con.execute(
        "SELECT kpi_code, period, unit_code, numerator, denominator FROM mart.kpi_scorecard "
        "WHERE unit_level = 'commune' AND period < '2024-11' AND period <> '2024' AND measure <> 'points'"
    ).pl()
    expected = (
        own.with_columns(unit_code=pl.col("unit_code").replace_strict(went_to))
        .group_by(FIGURES[:3])
        .agg(pl.col("numerator").sum(), pl.col("denominator").sum(), whole=pl.len())
        .sort(FIGURES[:3])
    )
    on_map = scorecard_on(con, map_date, "commune").filter(
        pl.col("period").is_in(own["period"].implode()) & pl.col("kpi_code").is_in(own["kpi_code"].implode())
    )
    assert on_map["unit_code"].n_unique() == communes
    whole = on_map.filter("is_derivable")
    short = on_map.filter(~pl.col("is_derivable")).select("kpi_code", "period", "unit_code", "numerator", "value")
    assert short.rows() == [("T08", period, went_to[UNREPORTED], None, None) for period in ("2023", "2023-Q4")]
    compared = whole.join(expected, on=FIGURES[:3], suffix="_expected", how="left")
    assert compared.height > 20 * communes
    assert compared.filter(pl.col("numerator").ne_missing(pl.col("numerator_expected"))).is_empty()
    assert compared.filter(
        pl.col("denominator").fill_null(0).ne_missing(pl.col("denominator_expected").fill_null(0))
    ).is_empty()


@pytest.mark.parametrize("map_date", [EARLY, MERGED, REFORMED])
def test_the_communes_of_every_map_add_up_to_the_province(con: duckdb.DuckDBPyConnection, map_date: str) -> None:
    province = con.execute(
        "SELECT kpi_code, period, numerator, denominator FROM mart.kpi_scorecard "
        "WHERE unit_level = 'province' AND kpi_set = 'operations' AND period IN ('2023', '2024-01') ORDER BY ALL"
    ).fetchall()
    assert len(province) > 20
    added = (
        scorecard_on(con, map_date, "commune")
        .filter(pl.col("kpi_code").str.starts_with("O") & pl.col("period").is_in(["2023", "2024-01"]))
        .group_by("kpi_code", "period")
        .agg(
            pl.col("numerator").sum(),
            pl.when(pl.col("denominator").count() > 0).then(pl.col("denominator").sum()),
        )
        .sort("kpi_code", "period")
    )
    assert added.rows() == province


def test_districts_and_the_former_province_are_not_derivable_on_the_map_of_2025(con: duckdb.DuckDBPyConnection) -> None:
    assert scorecard_on(con, REFORMED, "district").is_empty()
    province = scorecard_on(con, REFORMED, "province")
    assert set(province["unit_code"]) == {"33"}
    assert not province["is_derivable"].any()
    assert scorecard_on(con, MERGED, "district").filter("is_derivable")["unit_code"].n_unique() == 8


def test_figures_of_a_year_that_a_merger_divides(ledger: LedgerKit, home: Home) -> None:
    """Counts add up over both maps going forward; what stood at a moment does not; nothing goes back."""
    ledger.send("procedure_catalogue", "2022-01-01", [{}])
    for period, code in (("2024-10-15", "12556"), ("2024-10-16", "12577"), ("2024-11-15", "12577")):
        row = {"dossier_code": f"{period}-{code}", "unit_code": code, "agency_code": AGENCY}
        day = date.fromisoformat(period)
        ledger.send("one_stop_dossier", period, [row | {"received_on": day, "due_on": day}])
    former = [{"unit_code": code} for code in ("12556", "12568", "12577")]
    ledger.send("digital_infrastructure", "2024-Q3", former)
    ledger.send("digital_infrastructure", "2024-Q4", [{"unit_code": "12577"}])
    assert build_release(home).is_published
    with edition(home) as con:

        def told(map_date: str, kpi_code: str) -> list[tuple[Any, ...]]:
            """The commune 12577 in the year 2024."""
            figures = scorecard_on(con, map_date, "commune").filter(
                (pl.col("unit_code") == "12577") & (pl.col("period") == "2024") & (pl.col("kpi_code") == kpi_code)
            )
            return figures.select("numerator", "denominator", "is_derivable").rows()

        assert told(MERGED, "O01") == [(3, None, True)]
        assert told(EARLY, "O01") == [(None, None, False)]
        assert told(MERGED, "T07") == [(None, None, False)]


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
    ledger.send("one_stop_dossier", "2021-05-17", [{"received_on": date(2021, 5, 17), "due_on": date(2021, 5, 24)}])
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
        on_later_map = scorecard_on(con, EARLY, "commune").filter(pl.col("period") == "2021")
        parted = on_later_map.filter(pl.col("unit_code").is_in(["12436", "99999"]))
        assert parted.height > 0
        assert not parted["is_derivable"].any()
        assert on_later_map.filter(pl.col("unit_code") == "12439")["is_derivable"].any()


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
