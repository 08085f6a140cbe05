"""The packaged reference tables: counts, validity and succession, against the facts the province is known by."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files

import polars as pl
import pytest

from schemas.extracts import all_extracts
from schemas.reference import tables

FEBRUARY_2024 = date(2024, 2, 1)
NOVEMBER_2024 = date(2024, 11, 1)
JULY_2025 = date(2025, 7, 1)


def in_force(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """The rows valid on a day; validity is half-open."""
    return frame.filter(pl.col("valid_from") <= day, pl.col("valid_to").is_null() | (pl.col("valid_to") > day))


def level_counts(day: date) -> dict[str, int]:
    """Number of units by level on a day."""
    counted = in_force(tables.administrative_unit(), day).group_by("level").len()
    return {level: int(count) for level, count in counted.iter_rows()}


def communes(day: date) -> pl.DataFrame:
    """The communes on a day."""
    return in_force(tables.administrative_unit(), day).filter(pl.col("level") == "commune")


@pytest.mark.parametrize("name", sorted(tables.ALL))
def test_every_row_of_every_table_names_its_source(name: str) -> None:
    frame = tables.ALL[name]()
    assert frame.height > 0
    assert frame.filter(pl.col("source").is_null() | (pl.col("source").str.strip_chars() == "")).is_empty()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("administrative_unit", ["unit_code", "valid_from"]),
        ("unit_succession", ["old_code", "old_valid_from", "new_code", "effective_on"]),
        ("former_commune", ["parent_code", "name"]),
        ("agency", ["agency_code"]),
        ("agency", ["agency_code_old"]),
        ("agency_succession", ["old_code", "new_code", "effective_on"]),
        ("essential_service", ["procedure_code"]),
        ("code_list", ["list", "code"]),
        ("indicator", ["kpi_code"]),
        ("target", ["kpi_code", "period", "unit_code"]),
        ("parameter", ["name"]),
    ],
)
def test_keys_are_complete_and_unique(name: str, key: list[str]) -> None:
    frame = tables.ALL[name]().select(key)
    assert frame.null_count().sum_horizontal().item() == 0
    assert frame.is_duplicated().sum() == 0


def test_files_and_loaders_are_the_same_set() -> None:
    package = files("schemas.reference")
    assert {entry.name.removesuffix(".csv") for entry in package.iterdir() if entry.name.endswith(".csv")} == set(
        tables.ALL
    )


def test_version_is_a_sha256() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", tables.version())


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 1, 1), {"province": 1, "district": 8, "commune": 260}),
        (FEBRUARY_2024, {"province": 1, "district": 8, "commune": 260}),
        (NOVEMBER_2024, {"province": 1, "district": 8, "commune": 242}),
        (JULY_2025, {"province": 1, "commune": 65}),
    ],
)
def test_units_by_level(day: date, expected: dict[str, int]) -> None:
    assert level_counts(day) == expected


def test_communes_by_type_and_district() -> None:
    early = communes(FEBRUARY_2024)
    assert dict(early.group_by("unit_type").len().iter_rows()) == {"Xã": 241, "Phường": 10, "Thị trấn": 9}
    assert dict(early.group_by("parent_code").len().iter_rows()) == {
        "336": 19,
        "338": 37,
        "339": 35,
        "340": 38,
        "341": 36,
        "342": 32,
        "343": 33,
        "344": 30,
    }
    late = communes(JULY_2025)
    assert dict(late.group_by("unit_type").len().iter_rows()) == {"Xã": 60, "Phường": 5}


def test_commune_codes_have_five_digits_and_full_names_are_type_and_name() -> None:
    units = tables.administrative_unit()
    assert units.filter(pl.col("level") == "commune")["unit_code"].str.contains(r"^\d{5}$").all()
    assert units.filter(pl.col("full_name") != pl.col("unit_type") + " " + pl.col("name")).is_empty()


def test_validity_of_one_code_never_overlaps() -> None:
    ordered = tables.administrative_unit().sort("unit_code", "valid_from")
    following = ordered.with_columns(next_from=pl.col("valid_from").shift(-1).over("unit_code"))
    overlapping = following.filter(
        pl.col("next_from").is_not_null() & (pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("next_from")))
    )
    assert overlapping.is_empty()
    assert ordered.filter(pl.col("valid_to") <= pl.col("valid_from")).is_empty()


def test_codes_are_reused_under_new_names() -> None:
    later = communes(JULY_2025).select("unit_code", "full_name")
    earlier = communes(FEBRUARY_2024).select("unit_code", old_name="full_name")
    both = later.join(earlier, on="unit_code", how="inner")
    assert both.height == 65
    assert both.filter(pl.col("full_name") != pl.col("old_name")).height == 57


def test_parents_exist_for_the_whole_validity_of_the_child() -> None:
    units = tables.administrative_unit()
    parents = units.select(
        pl.col("unit_code").alias("parent_code"), parent_from="valid_from", parent_to="valid_to", parent_level="level"
    )
    children = units.filter(pl.col("parent_code").is_not_null())
    held = children.join(parents, on="parent_code", how="inner").filter(
        pl.col("parent_from") <= pl.col("valid_from"),
        pl.col("parent_to").is_null() | (pl.col("valid_to") <= pl.col("parent_to")),
    )
    assert held.height == children.height
    assert set(units.filter(pl.col("parent_code").is_null())["level"]) == {"province"}


def test_ten_commune_names_repeat_inside_the_province() -> None:
    early = communes(FEBRUARY_2024)
    repeated = early.group_by("name").len().filter(pl.col("len") > 1)
    assert repeated.height == 10
    assert early.group_by("parent_code", "name").len().filter(pl.col("len") > 1).is_empty()


def test_succession_gives_away_the_whole_of_each_commune_once() -> None:
    succession = tables.unit_succession()
    given = succession.group_by("old_code", "old_valid_from").agg(pl.col("share").sum())
    assert given.height == succession.height == 28 + 242
    assert (given["share"] == 1.0).all()
    by_day = dict(
        succession.group_by("effective_on")
        .agg(pl.struct("old_code").len(), new=pl.col("new_code").n_unique())
        .select("effective_on", "new")
        .iter_rows()
    )
    assert by_day == {NOVEMBER_2024: 10, JULY_2025: 65}


def test_succession_joins_versions_that_end_and_begin_on_the_day() -> None:
    succession = tables.unit_succession()
    versions = tables.administrative_unit().select("unit_code", "valid_from", "valid_to")
    ending = succession.join(
        versions,
        left_on=["old_code", "old_valid_from", "effective_on"],
        right_on=["unit_code", "valid_from", "valid_to"],
    )
    beginning = succession.filter(pl.col("new_valid_from") == pl.col("effective_on")).join(
        versions, left_on=["new_code", "new_valid_from"], right_on=["unit_code", "valid_from"]
    )
    assert ending.height == beginning.height == succession.height


def test_every_commune_of_2024_reaches_exactly_one_of_the_65() -> None:
    heirs: dict[tuple[str, date], list[tuple[str, date]]] = {}
    for row in tables.unit_succession().iter_rows(named=True):
        heirs.setdefault((row["old_code"], row["old_valid_from"]), []).append((row["new_code"], row["new_valid_from"]))
    final = {(code, start) for code, start in communes(JULY_2025).select("unit_code", "valid_from").iter_rows()}
    reached = set()
    for start_of_chain in communes(FEBRUARY_2024).select("unit_code", "valid_from").iter_rows():
        ends, open_ends = set(), [start_of_chain]
        while open_ends:
            unit = open_ends.pop()
            open_ends.extend(heirs.get(unit, []))
            if unit not in heirs:
                ends.add(unit)
        assert len(ends) == 1, start_of_chain
        reached |= ends
    assert reached == final


def test_agencies_of_january_2024() -> None:
    current = in_force(tables.agency(), date(2024, 1, 31))
    assert dict(current.group_by("level").len().iter_rows()) == {"province": 24, "district": 8, "commune": 260}
    suppliers = {"VPUB", "CATB", "STTTT", "NHNN", "SNV", "SLDTBXH", "SGDDT"}
    assert suppliers <= set(current["short_code"].drop_nulls())
    assert current.filter(pl.col("agency_code") == "H54.53")["short_code"].item() == "TTPVHCC"


def test_agency_codes_exist_in_both_orders() -> None:
    def reversed_order(code: str) -> str:
        root, *subs = code.split(".")
        return ".".join(["000", *(["00"] * (2 - len(subs))), *reversed(subs), root])

    frame = tables.agency()
    assert [reversed_order(code) for code in frame["agency_code"]] == frame["agency_code_old"].to_list()
    assert set(frame.filter(pl.col("basis") == "known")["agency_code"]) == {"H54", "H31"}


def test_agency_parents_units_and_succession_exist() -> None:
    agencies = tables.agency()
    codes = set(agencies["agency_code"])
    assert set(agencies["parent_code"].drop_nulls()) <= codes
    units = tables.administrative_unit().select("unit_code", unit_from="valid_from", unit_to="valid_to")
    placed = agencies.join(units, on="unit_code").filter(
        pl.col("unit_from") <= pl.col("valid_from"),
        pl.col("unit_to").is_null() | (pl.col("unit_to") >= pl.col("valid_to")),
    )
    assert set(placed["agency_code"]) == codes
    succession = tables.agency_succession()
    assert set(succession["old_code"]) | set(succession["new_code"]) <= codes
    ends = dict(agencies.select("agency_code", "valid_to").iter_rows())
    assert all(ends[old] == day for old, day in succession.select("old_code", "effective_on").iter_rows())


def test_essential_services_are_53_of_which_10_assumed() -> None:
    frame = tables.essential_service()
    services = frame.select("service_no", "basis").unique()
    assert sorted(services["service_no"]) == list(range(1, 54))
    assert dict(services.group_by("basis").len().iter_rows()) == {"known": 43, "assumed": 10}
    assert frame["procedure_code"].str.contains(r"^\d\.\d{6}$").all()
    invented = frame.filter(pl.col("procedure_code").str.starts_with("9."))
    assert set(invented["code_basis"]) == {"assumed"}
    assert set(frame.filter(~pl.col("procedure_code").str.starts_with("9."))["code_basis"]) == {"known", "candidate"}


def test_code_lists() -> None:
    frame = tables.code_list()
    codes = {name: set(part["code"]) for (name,), part in frame.group_by("list")}
    assert codes["dossier_status"] == {str(number) for number in range(1, 11)}
    assert codes["channel"] == {"1", "2", "3"}
    assert codes["applicant_kind"] == {"1", "2"}
    mapped = {name: dict(part.select("code", "canonical").iter_rows()) for (name,), part in frame.group_by("list")}
    assert mapped["service_level"] == {"Toàn trình": "full", "Một phần": "partial", "Không trực tuyến": "none"}
    assert mapped["agency_level"] == {"Tỉnh": "province", "Huyện": "district", "Xã": "commune"}
    assert codes["infrastructure_measure"] == {
        "fibre_households",
        "fibre_communes",
        "shared_databases",
        "accounts_15plus",
    }


def test_sixteen_targets_eight_known_ten_met() -> None:
    indicators = tables.indicator()
    assert dict(indicators.group_by("kpi_set").len().iter_rows()) == {
        "target_16": 16,
        "project_06": 6,
        "operations": 13,
        "satisfaction": 3,
        "benefits": 2,
        "officials": 4,
        "connections": 4,
        "index_766": 7,
    }
    sixteen = indicators.filter(pl.col("kpi_set") == "target_16")
    known = sixteen.filter(pl.col("basis") == "reported")
    assert known.height == 8
    assert known["is_met_in_article"].all()
    assert sixteen["is_met_in_article"].sum() == 10
    assert sixteen["is_met_in_article"].null_count() == 0
    owners = set(indicators["owner_short_code"])
    assert owners <= set(tables.agency()["short_code"].drop_nulls())


def test_only_one_target_value_is_reported() -> None:
    targets = tables.target()
    sixteen = tables.indicator().filter(pl.col("kpi_set") == "target_16")["kpi_code"]
    assert set(targets["kpi_code"]) == {*sixteen, "P06"}
    reported = targets.filter(pl.col("basis") == "reported")
    assert reported.select("kpi_code", "target").rows() == [("P06", 794_301.0)]


def test_points_of_the_six_groups_are_those_of_the_decision_at_every_grain() -> None:
    groups = {"M01": 18, "M02": 20, "M03": 12, "M04": 10, "M05": 18, "M06": 22}
    points = tables.score_part().group_by("grain", "kpi_code").agg(pl.col("points").sum())
    assert {
        grain: dict(part.drop("grain").iter_rows()) for (grain,), part in points.group_by("grain")
    } == dict.fromkeys(("province", "district", "commune", "agency"), groups)
    assert sum(groups.values()) == 100
    shares = tables.indicator().filter(pl.col("measure") == "share")
    for part_code, grain in tables.score_part().select("part_code", "grain").iter_rows():
        (grains,) = shares.filter(pl.col("kpi_code") == part_code)["grains"]
        assert grain in grains.split(";"), (part_code, grain)


def test_every_indicator_names_a_contract_and_known_grains_and_periods() -> None:
    for row in tables.indicator().iter_rows(named=True):
        assert row["source_extract"] in all_extracts(), row["kpi_code"]
        assert set(row["grains"].split(";")) <= {"province", "district", "commune", "agency", "service"}
        assert set(row["period_kinds"].split(";")) <= {"year", "quarter", "month"}
        assert row["accrual"] in ("sum", "newest")


def test_parameters() -> None:
    amounts = dict(tables.parameter().select("name", "amount").iter_rows())
    assert amounts == {
        "saving_per_dossier_vnd": 30_510.0,
        "communes_online_threshold": 0.6,
        "least_coverage_share": 0.5,
        "most_quarantine_share": 0.25,
        "denominator_moved_share": 0.1,
    }
    assert round(amounts["saving_per_dossier_vnd"] * 491_643 / 1e9, 1) == 15.0
