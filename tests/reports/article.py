"""A published release that holds the figures the province reported for 2023, made by hand to be changed at will."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb

from schemas.reference import tables
from warehouse.storage import Home, open_home


class Figure(NamedTuple):
    """What one indicator shows: counts, target and whether it is reached."""

    numerator: float | None
    denominator: float | None = None
    target: float | None = None
    value: float | None = None
    status: str = "not_applicable"


FIGURES: Mapping[str, Figure] = {
    "T01": Figure(889, 889, 1.0, 1.0, "met"),
    "T02": Figure(38, 38, 1.0, 1.0, "met"),
    "T03": Figure(388_800, 432_000, 0.9, 0.9, "met"),
    "T04": Figure(230_400, 288_000, 0.8, 0.8, "met"),
    "T05": Figure(561_600, 936_000, 0.6, 0.6, "met"),
    "T06": Figure(260, 260, 1.0, 1.0, "met"),
    "T07": Figure(337_355, 619_000, 0.54, 0.545, "met"),
    "T08": Figure(1_001_000, 1_430_000, 0.7, 0.7, "met"),
    "T09": Figure(97, 100, 0.95, 0.97, "met"),
    "T10": Figure(620, 1000, 0.7, 0.62, "not_met"),
    "T11": Figure(3497, 10_000, 0.5, 0.3497, "not_met"),
    "T12": Figure(55, 100, 0.8, 0.55, "not_met"),
    "T13": Figure(79_999, 100_000, 0.8, 0.79999, "not_met"),
    "T14": Figure(45, 100, 0.6, 0.45, "not_met"),
    "T15": Figure(53, 53, 1.0, 1.0, "met"),
    "T16": Figure(152, 260, 1.0, 0.5846153846153846, "not_met"),
    "P01": Figure(491_643, value=491_643),
    "P02": Figure(482_849, 491_643, value=482_849),
    "P03": Figure(53, 53, value=53),
    "P04": Figure(14_950_000_000, value=14_950_000_000),
    "P05": Figure(1_512_340, 1_512_340, value=1.0),
    "P06": Figure(958_367, None, 794_301, 1.206553938620246, "met"),
    "O01": Figure(905_000, value=905_000),
    "O02": Figure(561_100, 905_000, value=0.62),
    "O03": Figure(915_310, value=915_310),
    "O08": Figure(10_658, value=10_658),
}
"""The article's figures, with made-up ones for the targets it does not name."""

_SCHEMA = """
CREATE SCHEMA meta; CREATE SCHEMA mart; CREATE SCHEMA core; CREATE SCHEMA quality;
CREATE TABLE meta.release (
    release_id TEXT, built_at TIMESTAMPTZ, as_of TIMESTAMPTZ, rule_set_id TEXT, is_simulated BOOLEAN);
CREATE TABLE meta.table (
    table_name TEXT, kind TEXT, grain TEXT, purpose TEXT, "rows" BIGINT, upstream TEXT, sql TEXT);
CREATE TABLE mart.kpi_scorecard (
    kpi_set TEXT, kpi_code TEXT, title_vi TEXT, title_en TEXT, period TEXT, unit_key TEXT, unit_code TEXT,
    unit_level TEXT,
    numerator BIGINT, denominator BIGINT, target DOUBLE, target_basis TEXT, value DOUBLE, status TEXT, basis TEXT,
    measure TEXT, owner_short_code TEXT, source_extract TEXT, rows_quarantined BIGINT);
CREATE TABLE core.dim_agency (
    agency_key TEXT, short_code TEXT, name_vi TEXT, name_en TEXT, valid_from DATE, valid_to DATE);
CREATE TABLE core.fact_target_response (
    kpi_code TEXT, unit_code TEXT, supplier_code TEXT, owner_agency_key TEXT, owner_agency_code TEXT, period TEXT,
    quarter_first_on DATE, deadline_on DATE, is_deadline_past BOOLEAN, is_remedy_copied BOOLEAN);
CREATE TABLE core.dim_administrative_unit (
    unit_code TEXT, level TEXT, full_name TEXT, name_en TEXT, province_code TEXT);
CREATE TABLE quality.coverage (extract TEXT, supplier_code TEXT, period TEXT, due_on DATE, state TEXT);
CREATE TABLE quality.delivery (
    sending_id TEXT, delivery_id TEXT, extract TEXT, supplier_code TEXT, period TEXT, part TEXT, file_name TEXT,
    received_at TIMESTAMPTZ, status TEXT, refusal_code TEXT, refusal_vi TEXT, refusal_en TEXT, rows_read BIGINT,
    rows_accepted BIGINT, rows_quarantined BIGINT, rows_structural BIGINT);
CREATE TABLE quality.rule_result (
    delivery_id TEXT, extract TEXT, rule_code TEXT, stage TEXT, severity TEXT, "rows" BIGINT);
CREATE TABLE quality.header_drift (
    delivery_id TEXT, extract TEXT, supplier_code TEXT, period TEXT, message_vi TEXT, message_en TEXT);
CREATE TABLE quality.column_drift (
    delivery_id TEXT, extract TEXT, supplier_code TEXT, period TEXT, column_name TEXT, measure TEXT, message_vi TEXT,
    message_en TEXT);
INSERT INTO core.dim_agency VALUES
    ('H54.53@2020-01-01', 'VPUB', 'Văn phòng Ủy ban nhân dân tỉnh', 'Office of the Provincial People’s Committee',
        '2020-01-01', '2023-06-30'),
    ('H54.53@2023-07-01', 'VPUB', 'Văn phòng UBND tỉnh mới', 'New office', '2023-07-01', NULL);
INSERT INTO core.dim_administrative_unit VALUES ('336', 'district', 'Thành phố Thái Bình', 'Thai Binh', '34');
INSERT INTO quality.coverage VALUES
    ('identity_issuance', 'CATB', '2023-W05', '2023-02-08', 'missing'),
    ('identity_issuance', 'CATB', '2023-W06', '2023-02-15', 'accepted');
"""


def publish_figures(
    root: Path,
    figures: Mapping[str, Figure] = FIGURES,
    *,
    period: str = "2023",
    as_of: str = "2024-01-24 22:00:00+07",
    is_simulated: bool = True,
    release_id: str = "0a1b2c3d4e5f6071",
) -> Home:
    """A home whose current release holds these figures of the province, and little else."""
    home = open_home(root)
    folder = root / "releases" / release_id
    folder.mkdir(parents=True)
    indicators = {row["kpi_code"]: row for row in tables.indicator().iter_rows(named=True)}
    with duckdb.connect(str(folder / "analyst.duckdb")) as con:
        con.execute(_SCHEMA)
        con.execute(
            "INSERT INTO meta.release VALUES (?, ?, ?, 'ruleset01', ?)", [release_id, as_of, as_of, is_simulated]
        )
        for code, figure in figures.items():
            row = indicators[code]
            target_basis = "reported" if figure.target == 794_301 else "assumed" if figure.target else None
            con.execute(
                "INSERT INTO mart.kpi_scorecard VALUES "
                "(?, ?, ?, ?, ?, '34@2004-01-01', '34', 'province', ?, ?, ?, ?, ?, ?, ?, ?, ?, 'one_stop_dossier', 12)",
                [
                    *(row[name] for name in ("kpi_set", "kpi_code", "title_vi", "title_en")),
                    *(period, figure.numerator, figure.denominator, figure.target, target_basis, figure.value),
                    *(figure.status, row["basis"], row["measure"], row["owner_short_code"]),
                ],
            )
    record = {"release_id": release_id, "built_at": as_of, "as_of": as_of, "tables": {}, "sendings": []}
    (folder / "release.json").write_text(json.dumps(record), encoding="utf-8")
    pointer = root / "releases" / "current"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(release_id, target_is_directory=True)
    return home
