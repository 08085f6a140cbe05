"""A small published release for the tests of reports: the tables that pages read, with figures known beforehand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from schemas.reference import tables
from warehouse.storage import Home, open_home

RELEASE_ID = "20240125-0a1b2c3d"
VALUES = {"T07": (0.5401, 0.54, "met"), "T10": (0.69996, 0.70, "not_met"), "T16": (None, 1.0, "insufficient_data")}
"""Value, target and status of the indicators that tests look at; the rest are met exactly."""

_SCHEMA = """
CREATE SCHEMA meta; CREATE SCHEMA mart; CREATE SCHEMA core; CREATE SCHEMA quality;
CREATE TABLE meta.release (
    release_id TEXT, built_at TIMESTAMPTZ, as_of TIMESTAMPTZ, rule_set_id TEXT, is_simulated BOOLEAN);
CREATE TABLE meta.table (
    table_name TEXT, kind TEXT, grain TEXT, purpose TEXT, "rows" BIGINT, content_hash TEXT,
    upstream TEXT, sql TEXT);
CREATE TABLE meta.column (
    table_name TEXT, column_name TEXT, data_type TEXT, title_vi TEXT, title_en TEXT);
CREATE TABLE mart.kpi_scorecard (
    kpi_set TEXT, kpi_code TEXT, title_vi TEXT, title_en TEXT, period TEXT, unit_code TEXT, numerator DECIMAL(18, 2),
    denominator DECIMAL(18, 2), target DOUBLE, value DOUBLE, status TEXT, basis TEXT, target_basis TEXT, measure TEXT);
CREATE TABLE core.dim_administrative_unit (
    unit_key TEXT, unit_code TEXT, level TEXT, full_name TEXT, name_en TEXT, district_code TEXT,
    province_code TEXT);
CREATE TABLE core.dim_service (
    service_key TEXT, procedure_code TEXT, procedure_name TEXT, full_process_eligible BOOLEAN, service_level TEXT,
    service_no SMALLINT, valid_from DATE, valid_to DATE, source_delivery_id TEXT, source_row BIGINT);
CREATE TABLE core.fact_dossier (
    dossier_code TEXT, service_key TEXT, unit_key TEXT, received_on DATE, due_on DATE, finished_on DATE, closed_on DATE,
    status_code TINYINT, is_received BOOLEAN, is_resolved BOOLEAN, is_online BOOLEAN, is_essential BOOLEAN,
    is_on_time BOOLEAN, amount_due_vnd BIGINT, paid_online BOOLEAN, components_digitised BOOLEAN,
    result_digitised BOOLEAN, vneid_authenticated BOOLEAN, updated_at TIMESTAMP, has_newer_rejected BOOLEAN,
    newest_rejected_on DATE, source_delivery_id TEXT, source_row BIGINT);
CREATE TABLE core.fact_dossier_digitisation (dossier_code TEXT, paper_no INTEGER, is_reused BOOLEAN);
CREATE TABLE core.fact_work_file (
    agency_code TEXT, level_code TEXT, period TEXT, month_first_on DATE, files_total BIGINT, files_online BIGINT,
    source_delivery_id TEXT, source_sheet TEXT, source_row BIGINT);
CREATE TABLE core.fact_digital_infrastructure (
    unit_code TEXT, measure_code TEXT, period TEXT, quarter_last_on DATE, numerator BIGINT, denominator BIGINT,
    source_delivery_id TEXT, source_sheet TEXT, source_row BIGINT);
CREATE TABLE core.fact_identity_issuance (
    unit_code TEXT, period TEXT, week_last_on DATE, eligible_persons BIGINT, cards_issued_cumulative BIGINT,
    eid_activated_cumulative BIGINT, eid_target BIGINT, source_delivery_id TEXT, source_sheet TEXT, source_row BIGINT);
CREATE TABLE quality.delivery (
    sending_id TEXT, delivery_id TEXT, extract TEXT, supplier_code TEXT, period TEXT, file_name TEXT, status TEXT,
    rows_read BIGINT, rows_accepted BIGINT, rows_quarantined BIGINT, rows_structural BIGINT);
CREATE TABLE quality.coverage (extract TEXT, supplier_code TEXT, period TEXT, state TEXT);
CREATE TABLE quality.quarantine (
    delivery_id TEXT, extract TEXT, supplier_code TEXT, period TEXT, source_sheet TEXT, source_row BIGINT,
    column_name TEXT, rule_code TEXT, stage TEXT, severity TEXT, found TEXT, expected TEXT, message_vi TEXT,
    message_en TEXT);
"""

_ROWS = """
INSERT INTO meta.table VALUES
    ('core.fact_dossier', 'facts', 'một hồ sơ — one dossier', 'Hồ sơ một cửa — One-stop dossiers', 1234, 'ab',
     'ledger.one_stop_dossier, stage.dossier_latest', '-- name core.fact_dossier
SELECT 1 < 2'),
    ('mart.kpi_scorecard', 'marts', 'chỉ tiêu — indicator', 'Bảng điểm — Scorecard', 5, 'ef', 'core.fact_dossier',
     'SELECT 2'),
    ('quality.quarantined_row', 'quality', 'một dòng — one row', 'Chỉ bản hạn chế — Restricted only', 9, 'cd', '',
     'SELECT 3');
INSERT INTO meta.column VALUES
    ('core.fact_dossier', 'received_on', 'DATE', 'Ngày tiếp nhận', 'Day of receipt'),
    ('core.fact_dossier', 'dossier_code', 'VARCHAR', 'Mã hồ sơ', 'Dossier code'),
    ('core.fact_dossier', 'applicant_name_token', 'VARCHAR', 'Mã thay tên', 'Token of the name');
INSERT INTO core.dim_administrative_unit VALUES
    ('336@2020-03-01', '336', 'district', 'Thành phố Thái Bình', 'Thai Binh', '336', '34'),
    ('338@2020-03-01', '338', 'district', 'Huyện Quỳnh Phụ', 'Quynh Phu', '338', '34'),
    ('12433@2020-03-01', '12433', 'commune', 'Phường Lê Hồng Phong', 'Le Hong Phong', '336', '34');
INSERT INTO core.dim_service VALUES
    ('1.001193@2023-01-01', '1.001193', 'Đăng ký khai sinh', TRUE, 'full', 9, '2023-01-01', NULL, 'd2', 5);
INSERT INTO core.fact_dossier VALUES
    ('A-1', '1.001193@2023-01-01', '12433@2020-03-01', '2023-03-01', '2023-03-05', '2023-03-04', '2023-03-04', 9, TRUE,
     TRUE, TRUE, TRUE, TRUE, 0, FALSE, TRUE, TRUE, TRUE, '2023-03-04 08:00:00', FALSE, NULL, 'd1', 1),
    ('A-2', '1.001193@2023-01-01', '12433@2020-03-01', '2023-03-02', '2023-03-05', '2023-03-06', '2023-03-06', 10, TRUE,
     TRUE, FALSE, TRUE, FALSE, 5000, TRUE, FALSE, FALSE, FALSE, '2023-03-07 08:00:00', FALSE, NULL, 'd1', 2),
    ('A-3', '1.001193@2023-01-01', '12433@2020-03-01', '2023-12-31', '2024-01-05', NULL, NULL, 5, TRUE,
     FALSE, FALSE, TRUE, NULL, 5000, FALSE, FALSE, FALSE, FALSE, '2023-12-31 08:00:00', TRUE, '2024-01-02', 'd1', 3),
    ('A-4', '1.001193@2023-01-01', '12433@2020-03-01', '2022-12-30', NULL, '2024-01-01', '2024-01-01', 9, TRUE,
     TRUE, TRUE, TRUE, TRUE, 0, FALSE, FALSE, FALSE, FALSE, '2024-01-01 08:00:00', FALSE, NULL, 'd1', 4),
    ('A-5', '1.001193@2023-01-01', '12433@2020-03-01', '2023-05-01', NULL, NULL, '2023-06-01', 7, TRUE,
     FALSE, TRUE, TRUE, NULL, 0, FALSE, FALSE, FALSE, FALSE, '2023-06-01 08:00:00', FALSE, NULL, 'd1', 5);
INSERT INTO core.fact_dossier_digitisation VALUES ('A-1', 1, TRUE), ('A-1', 2, TRUE), ('A-2', 1, FALSE);
INSERT INTO core.fact_work_file VALUES
    ('H54.01', 'province', '2023-05', '2023-05-01', 100, 90, 'd3', 'HSCV', 8);
INSERT INTO core.fact_digital_infrastructure VALUES
    ('12433', 'fibre_households', '2023-Q3', '2023-09-30', 40, 100, 'd4', 'HaTang', 6),
    ('12433', 'fibre_households', '2023-Q4', '2023-12-31', 54, 100, 'd4', 'HaTang', 6);
INSERT INTO core.fact_identity_issuance VALUES
    ('12433', '2023-W51', '2023-12-24', 10, 9, 8, 7, 'd5', 'BaoCao', 9),
    ('12433', '2023-W52', '2023-12-31', 10, 10, 9, 7, 'd5', 'BaoCao', 9);
INSERT INTO quality.delivery VALUES
    ('s1', 'd1', 'one_stop_dossier', 'VPUB', '2023-05-17', 'hoso_20230517.json', 'accepted', 1000, 995, 5, 0),
    ('s0', 'd1', 'one_stop_dossier', 'VPUB', '2023-05-17', 'hoso_20230517.json', 'superseded', 1000, 995, 5, 0),
    ('s6', 'd6', 'one_stop_dossier', 'VPUB', '2023-05-18', 'hoso_20230518.json', 'refused', NULL, 0, 0, NULL),
    ('s2', 'd2', 'procedure_catalogue', 'VPUB', '2023-01-01', 'tthc.xlsx', 'accepted', 10, 10, 0, 0),
    ('s3', 'd3', 'work_file_processing', 'STTTT', '2023-05', 'hscv.xlsx', 'accepted', 10, 10, 0, 0),
    ('s4', 'd4', 'digital_infrastructure', 'STTTT', '2023-Q4', 'hatang.xlsx', 'accepted', 10, 10, 0, 0),
    ('s5', 'd5', 'identity_issuance', 'CATB', '2023-W52', 'cccd.xlsx', 'accepted', 10, 10, 0, 0);
INSERT INTO mart.kpi_scorecard VALUES
    ('operations', 'O01', '', '', '2023', '336', 4, NULL, NULL, 4, 'not_applicable', 'assumed', NULL, 'count'),
    ('operations', 'O02', '', '', '2023', '336', 2, 4, NULL, 0.5, 'not_applicable', 'assumed', NULL, 'share'),
    ('operations', 'O03', '', '', '2023', '336', 2, NULL, NULL, 2, 'not_applicable', 'assumed', NULL, 'count'),
    ('target_16', 'T09', '', '', '2023', '336', 1, 2, 0.95, 0.25, 'not_met', 'assumed', 'assumed', 'share');
INSERT INTO quality.coverage VALUES
    ('identity_issuance', 'CATB', '2023-W05', 'missing'), ('identity_issuance', 'CATB', '2023-W06', 'accepted');
INSERT INTO quality.quarantine VALUES
    ('d1', 'one_stop_dossier', 'VPUB', '2023-05-17', NULL, 7, 'received_on', 'received_on.unreadable', 'gate',
     'quarantine', '<b>31/02</b>', 'ngày', 'Ngày tiếp nhận: không đọc được “<b>31/02</b>”.', 'Cannot be read.');
"""


def build_release(root: Path, *, is_simulated: bool = True) -> Home:
    """A home whose current release is the small one."""
    home = open_home(root)
    folder = root / "releases" / RELEASE_ID
    folder.mkdir(parents=True)
    con = duckdb.connect(str(folder / "analyst.duckdb"))
    con.execute(_SCHEMA)
    con.execute(_ROWS)
    con.execute(
        "INSERT INTO meta.release VALUES (?, '2024-01-25 03:00:00+07', '2024-01-25 23:59:59+07', 'ruleset01', ?)",
        [RELEASE_ID, is_simulated],
    )
    for row in tables.indicator().iter_rows(named=True):
        value, target, status = VALUES.get(row["kpi_code"], (1234567.0, None, "not_applicable"))
        if row["kpi_set"] == "target_16" and row["kpi_code"] not in VALUES:
            value, target, status = 1.0, 1.0, "met"
        con.execute(
            "INSERT INTO mart.kpi_scorecard VALUES (?, ?, ?, ?, '2023', '34', 1234, 5678, ?, ?, ?, ?, 'assumed', ?)",
            [
                *(row[name] for name in ("kpi_set", "kpi_code", "title_vi", "title_en")),
                *(target, value, status, row["basis"], row["measure"]),
            ],
        )
    con.close()
    record = {"built_at": "2024-01-25T03:00:00+07:00", "as_of": "2024-01-25T23:59:59+07:00"}
    (folder / "release.json").write_text(json.dumps(record), encoding="utf-8")
    (root / "releases" / "current").symlink_to(RELEASE_ID, target_is_directory=True)
    return home


@pytest.fixture(scope="session")
def published_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the small release published; tests only read it and write pages."""
    return build_release(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which files of the tests of a module are judged."""
    return open_home(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def publish(tmp_path: Path) -> Callable[[bool], Home]:
    """Publishes the small release, marked simulated or not."""
    return lambda is_simulated: build_release(tmp_path, is_simulated=is_simulated)
