"""A small published release for the tests of reports: the tables that pages read, with figures known beforehand."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.reference import tables
from warehouse.macros import create_macros
from warehouse.storage import Home, open_home

RELEASE_ID = "20240125-0a1b2c3d"
VALUES = {"T07": (0.5401, 0.54, "met"), "T10": (0.69996, 0.70, "not_met"), "T16": (None, 1.0, "insufficient_data")}
"""Value, target and status of the indicators that tests look at; the rest are met exactly."""

EXPLAINED = """-- grain one figure
SELECT count(*) AS numerator, NULL AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.received_on BETWEEN $first_on AND $last_on
"""

Counts = tuple[int | None, int | None, float | None, float | None, str]

FIGURES: Sequence[tuple[str, str, str, Counts]] = (
    ("O01", "2023", "336", (4, None, None, 4, "not_applicable")),
    ("O01", "2023", "12433", (3, None, None, 3, "not_applicable")),
    ("O01", "2023", "341", (2, None, None, 2, "not_applicable")),
    ("O02", "2023", "336", (2, 4, None, 0.5, "not_applicable")),
    ("O03", "2023", "336", (2, None, None, 2, "not_applicable")),
    ("O07", "2023", "336", (1, None, None, 1, "not_applicable")),
    ("O08", "2023", "336", (2, None, None, 2, "not_applicable")),
    ("O10", "2023", "336", (1, None, None, 1, "not_applicable")),
    ("T09", "2023", "336", (1, 4, 0.95, 0.25, "not_met")),
    ("T10", "2023", "336", (2, 4, 0.70, 0.5, "not_met")),
    ("T10", "2023", "338", (3, 4, 0.70, 0.75, "met")),
    ("T10", "2023", "12433", (2, 4, 0.70, 0.5, "not_met")),
    ("T10", "2023", "12436", (3, 4, 0.70, 0.75, "met")),
    ("T10", "2023-09", "34", (80, 100, 0.70, 0.8, "met")),
    ("T10", "2023-10", "34", (60, 100, 0.70, 0.6, "not_met")),
    ("T10", "2023-11", "34", (65, 100, 0.70, 0.65, "not_met")),
    ("T10", "2023-12", "34", (66, 100, 0.70, 0.66, "not_met")),
    ("T10", "2023-11", "12433", (3, 4, 0.70, 0.75, "met")),
    ("O01", "2023-11", "336", (3, None, None, 3, "not_applicable")),
    *(
        (code, period, "336", (resolved, None, None, resolved, "not_applicable"))
        for code, amounts in {"O04": (2, 2), "O05": (0, 1), "O06": (1, 1)}.items()
        for period, resolved in zip(("2023", "2023-11"), amounts, strict=True)
    ),
    *((code, "2023-12", "336", (0, None, None, 0, "not_applicable")) for code in ("O04", "O05", "O06")),
)
"""Indicator, period, unit, then counts, target, value and status of the figures beside the province's year."""

_SCHEMA = """
CREATE SCHEMA meta; CREATE SCHEMA mart; CREATE SCHEMA core; CREATE SCHEMA quality;
CREATE TABLE meta.release (
    release_id TEXT, built_at TIMESTAMPTZ, as_of TIMESTAMPTZ, rule_set_id TEXT, is_simulated BOOLEAN);
CREATE TABLE meta.table (
    table_name TEXT, kind TEXT, grain TEXT, purpose TEXT, "rows" BIGINT, content_hash TEXT,
    upstream TEXT, sql TEXT);
CREATE TABLE meta.column (
    table_name TEXT, column_name TEXT, data_type TEXT, title_vi TEXT, title_en TEXT);
CREATE TABLE meta.kpi_sql (kpi_code TEXT, formula_vi TEXT, formula_en TEXT, sql TEXT);
CREATE TABLE meta.indicator (kpi_code TEXT, accrual TEXT);
CREATE TABLE meta.kpi_vintage (
    kpi_code TEXT, period TEXT, unit_key TEXT, numerator BIGINT, denominator BIGINT, value DOUBLE, status TEXT,
    release_id TEXT, published_at TIMESTAMPTZ, replaced_by_release_id TEXT, publication_no BIGINT);
CREATE TABLE meta.kpi_restatement (
    kpi_code TEXT, period TEXT, unit_key TEXT, old_value DOUBLE, new_value DOUBLE, old_status TEXT, new_status TEXT,
    old_release_id TEXT, release_id TEXT, published_at TIMESTAMPTZ, delivery_ids TEXT[], publication_no BIGINT);
CREATE TABLE mart.unit_period (period TEXT, unit_key TEXT, is_valid BOOLEAN);
CREATE TABLE core.bridge_unit_succession (
    old_unit_key TEXT, new_unit_key TEXT, old_code TEXT, new_code TEXT, effective_on DATE);
CREATE TABLE core.bridge_unit_map (
    unit_key TEXT, map_unit_key TEXT, map_unit_code TEXT, map_unit_name TEXT, map_from DATE, map_to DATE);
CREATE TABLE mart.kpi_scorecard (
    kpi_set TEXT, kpi_code TEXT, title_vi TEXT, title_en TEXT, period TEXT, unit_key TEXT, unit_code TEXT,
    unit_level TEXT, unit_name TEXT, numerator BIGINT, denominator BIGINT, target DOUBLE, value DOUBLE, status TEXT,
    basis TEXT, target_basis TEXT, measure TEXT, direction TEXT, owner_short_code TEXT, source_extract TEXT,
    source_table TEXT, coverage_share DOUBLE, quarantine_share DOUBLE, value_low DOUBLE, value_high DOUBLE, plausibility TEXT,
    rows_quarantined BIGINT, dossiers_with_newer_rejected BIGINT);
CREATE TABLE mart.kpi_agency AS
SELECT * EXCLUDE (unit_key, unit_level, unit_name, value_low, value_high), NULL::TEXT AS agency_code,
    NULL::TEXT AS agency_level
FROM mart.kpi_scorecard;
CREATE TABLE mart.kpi_service AS
SELECT * EXCLUDE (unit_key, unit_code, unit_level, unit_name, value_low, value_high), NULL::TEXT AS service_kind,
    NULL::TEXT AS service_code, NULL::SMALLINT AS service_no, NULL::TEXT AS service_name, NULL::TEXT AS service_name_en
FROM mart.kpi_scorecard;
CREATE TABLE mart.essential_service (
    service_no SMALLINT, service_code TEXT, period TEXT, dossiers_total BIGINT, dossiers_online BIGINT,
    online_share_typed DOUBLE, online_share DOUBLE, reports_disagreeing BIGINT, own_dossiers BIGINT, own_online BIGINT,
    own_online_share DOUBLE, saving_vnd BIGINT, is_disagreeing BOOLEAN);
CREATE TABLE core.dim_period (period TEXT, period_kind TEXT, year_period TEXT, first_on DATE, last_on DATE);
CREATE TABLE core.dim_administrative_unit (
    unit_key TEXT, unit_code TEXT, level TEXT, unit_type TEXT, full_name TEXT, name_en TEXT, district_code TEXT,
    province_code TEXT, district_key TEXT, province_key TEXT, valid_from DATE, valid_to DATE, legal_act TEXT);
CREATE TABLE core.dim_agency (
    agency_key TEXT, agency_code TEXT, agency_code_old TEXT, short_code TEXT, name_vi TEXT, name_en TEXT, level TEXT,
    unit_code TEXT, valid_from DATE, valid_to DATE);
CREATE TABLE core.fact_target_response (
    kpi_code TEXT, unit_code TEXT, supplier_code TEXT, owner_agency_key TEXT, owner_agency_code TEXT, period TEXT,
    deadline_on DATE, is_deadline_past BOOLEAN, is_remedy_copied BOOLEAN, source_delivery_id TEXT, source_sheet TEXT,
    source_row BIGINT);
CREATE TABLE core.dim_service (
    service_key TEXT, procedure_code TEXT, procedure_name TEXT, agency_code TEXT, full_process_eligible BOOLEAN,
    service_level TEXT, service_no SMALLINT, valid_from DATE, valid_to DATE, source_delivery_id TEXT, source_row BIGINT);
CREATE TABLE core.fact_dossier (
    dossier_code TEXT, service_key TEXT, unit_key TEXT, agency_key TEXT, received_on DATE, due_on DATE, finished_on DATE,
    closed_on DATE,
    status_code TINYINT, is_received BOOLEAN, is_resolved BOOLEAN, is_online BOOLEAN, is_essential BOOLEAN,
    is_on_time BOOLEAN, amount_due_vnd BIGINT, paid_online BOOLEAN, components_digitised BOOLEAN,
    result_digitised BOOLEAN, vneid_authenticated BOOLEAN, updated_at TIMESTAMP, has_newer_rejected BOOLEAN,
    newest_rejected_on DATE, source_delivery_id TEXT, source_sheet TEXT, source_row BIGINT);
CREATE TABLE core.fact_dossier_digitisation (dossier_code TEXT, paper_no INTEGER, is_reused BOOLEAN);
CREATE TABLE core.fact_satisfaction (
    unit_key TEXT, response_no TEXT, response_kind TEXT, period TEXT, overall_score TINYINT, due_on DATE, answered_on DATE,
    is_answered_on_time BOOLEAN, source_delivery_id TEXT, source_row BIGINT);
CREATE TABLE core.fact_welfare_payment (
    unit_key TEXT, beneficiary_token TEXT, period TEXT, month_first_on DATE, unit_code TEXT, benefit_kind TEXT,
    amount_vnd BIGINT, is_non_cash BOOLEAN, source_delivery_id TEXT, source_row BIGINT);
CREATE TABLE core.fact_official_requirement (
    unit_key TEXT, unit_code TEXT, measure_code TEXT, period TEXT, quarter_last_on DATE, numerator BIGINT,
    denominator BIGINT, is_same_denominator BOOLEAN, source_delivery_id TEXT, source_row BIGINT, succeeded_on DATE);
CREATE TABLE core.fact_database_connection (
    database_code TEXT, period TEXT, quarter_last_on DATE, connected_on DATE, last_used_on DATE, is_connected BOOLEAN,
    is_used BOOLEAN, source_delivery_id TEXT, source_row BIGINT);
CREATE TABLE core.dim_shared_database (database_code TEXT, database_name TEXT);
CREATE TABLE core.fact_population_check (
    unit_key TEXT, batch_no TEXT, line_no BIGINT, register_code TEXT, unit_code TEXT, result_code TEXT, is_matched BOOLEAN,
    returned_on DATE, source_delivery_id TEXT, source_row BIGINT);
CREATE TABLE core.fact_portal_reconciliation (
    agency_key TEXT, agency_code TEXT, period TEXT, month_first_on DATE, portal_dossiers BIGINT, own_dossiers BIGINT,
    codes_listed BIGINT, codes_unknown_here BIGINT, source_delivery_id TEXT, source_row BIGINT);
CREATE TABLE core.fact_work_file (
    agency_code TEXT, unit_code TEXT, level_code TEXT, period TEXT, month_first_on DATE, files_total BIGINT,
    files_online BIGINT, source_delivery_id TEXT, source_sheet TEXT, source_row BIGINT);
CREATE TABLE core.fact_digital_infrastructure (
    unit_key TEXT, unit_code TEXT, measure_code TEXT, period TEXT, quarter_last_on DATE, numerator BIGINT, denominator BIGINT,
    source_delivery_id TEXT, source_sheet TEXT, source_row BIGINT, succeeded_on DATE);
CREATE TABLE core.fact_identity_issuance (
    unit_key TEXT, unit_code TEXT, period TEXT, week_last_on DATE, eligible_persons BIGINT, cards_issued_cumulative BIGINT,
    eid_activated_cumulative BIGINT, eid_target BIGINT, source_delivery_id TEXT, source_sheet TEXT, source_row BIGINT,
    succeeded_on DATE);
CREATE TABLE quality.delivery (
    sending_id TEXT, delivery_id TEXT, extract TEXT, supplier_code TEXT, period TEXT, file_name TEXT, status TEXT,
    rows_read BIGINT, rows_accepted BIGINT, rows_quarantined BIGINT, rows_structural BIGINT, received_at TIMESTAMPTZ);
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
    ('34@2020-03-01', '34', 'province', 'Tỉnh', 'Tỉnh Thái Bình', 'Thai Binh', NULL, '34', NULL, '34@2020-03-01',
     '2020-03-01', NULL, NULL),
    ('336@2020-03-01', '336', 'district', 'Thành phố', 'Thành phố Thái Bình', 'Thai Binh', '336', '34',
     '336@2020-03-01', '34@2020-03-01', '2020-03-01', '2025-07-01', '1666/NQ-UBTVQH15'),
    ('338@2020-03-01', '338', 'district', 'Huyện', 'Huyện Quỳnh Phụ', 'Quynh Phu', '338', '34', '338@2020-03-01',
     '34@2020-03-01', '2020-03-01', NULL, NULL),
    ('341@2020-03-01', '341', 'district', 'Huyện', 'Huyện Thái Thụy', 'Thai Thuy', '341', '34', '341@2020-03-01',
     '34@2020-03-01', '2020-03-01', NULL, NULL),
    ('12433@2020-03-01', '12433', 'commune', 'Phường', 'Phường Lê Hồng Phong', 'Le Hong Phong', '336', '34',
     '336@2020-03-01', '34@2020-03-01', '2020-03-01', '2025-07-01', NULL),
    ('12436@2020-03-01', '12436', 'commune', 'Phường', 'Phường Bồ Xuyên', 'Bo Xuyen', '336', '34', '336@2020-03-01',
     '34@2020-03-01', '2020-03-01', '2025-07-01', NULL),
    ('12452@2025-07-01', '12452', 'commune', 'Phường', 'Phường Trần Hưng Đạo', 'Tran Hung Dao', NULL, '34', NULL,
     '34@2020-03-01', '2025-07-01', NULL, NULL),
    ('12454@2025-07-01', '12454', 'commune', 'Phường', 'Phường Trần Lãm', 'Tran Lam', NULL, '34', NULL,
     '34@2020-03-01', '2025-07-01', NULL, NULL);
INSERT INTO core.bridge_unit_succession VALUES
    ('12433@2020-03-01', '12452@2025-07-01', '12433', '12452', '2025-07-01'),
    ('12436@2020-03-01', '12452@2025-07-01', '12436', '12452', '2025-07-01');
INSERT INTO core.bridge_unit_map
SELECT unit_key, '12452@2025-07-01', '12452', 'Phường Trần Hưng Đạo', '2025-07-01', NULL
FROM core.dim_administrative_unit WHERE unit_code IN ('12433', '12436');
INSERT INTO mart.unit_period
SELECT '2023', unit_key, TRUE FROM core.dim_administrative_unit WHERE valid_from < '2023-12-31';
INSERT INTO meta.kpi_vintage VALUES
    ('T10', '2023', '34@2020-03-01', 70, 100, 0.7, 'met', 'earlier00', '2024-01-05 03:00:00+07', '20240125-0a1b2c3d', 1),
    ('T10', '2023', '34@2020-03-01', 1234, 5678, 0.69996, 'not_met', '20240125-0a1b2c3d', '2024-01-25 03:00:00+07', NULL, 2);
INSERT INTO meta.kpi_restatement VALUES
    ('T10', '2023', '34@2020-03-01', 0.7, 0.69996, 'met', 'not_met', 'earlier00', '20240125-0a1b2c3d',
     '2024-01-25 03:00:00+07', ['d1'], 2),
    ('T10', '2023', '336@2020-03-01', 0.75, 0.5, 'met', 'not_met', 'earlier00', '20240125-0a1b2c3d',
     '2024-01-25 03:00:00+07', [], 2);
INSERT INTO core.dim_period
SELECT '2023', 'year', '2023', DATE '2023-01-01', DATE '2023-12-31'
UNION ALL
SELECT strftime(first_on, '%Y-%m'), 'month', '2023', first_on, last_day(first_on)
FROM (SELECT unnest(range(DATE '2023-01-01', DATE '2024-01-01', INTERVAL 1 MONTH))::DATE AS first_on);
INSERT INTO core.dim_agency VALUES
    ('H54.01@2020-03-01', 'H54.01', '000.00.01.H54', 'VPUB', 'Văn phòng Ủy ban nhân dân tỉnh',
     'Office of the People’s Committee', 'province', '34', '2020-03-01', NULL);
INSERT INTO core.fact_target_response VALUES
    ('T10', '34', 'VPUB', 'H54.01@2020-03-01', 'H54.01', '2023-Q4', '2024-02-20', FALSE, TRUE, 'd7', 'GiaiTrinh', 9),
    ('T10', '34', 'VPUB', 'H54.01@2020-03-01', 'H54.01', '2023-Q3', '2023-09-20', TRUE, FALSE, 'd8', 'GiaiTrinh', 9);
INSERT INTO core.dim_service VALUES
    ('1.001193@2023-01-01', '1.001193', 'Đăng ký khai sinh', 'H54.03', TRUE, 'full', 9, '2023-01-01', NULL, 'd2', 5);
INSERT INTO core.fact_dossier VALUES
    ('A-1', '1.001193@2023-01-01', '12433@2020-03-01', 'H54.01@2020-03-01',
     '2023-03-01', '2023-03-05', '2023-03-04', '2023-03-04', 9, TRUE,
     TRUE, TRUE, TRUE, TRUE, 0, FALSE, TRUE, TRUE, TRUE, '2023-03-04 08:00:00', FALSE, NULL, 'd1', NULL, 1),
    ('A-2', '1.001193@2023-01-01', '12433@2020-03-01', 'H54.01@2020-03-01',
     '2023-03-02', '2023-03-05', '2023-03-06', '2023-03-06', 10, TRUE,
     TRUE, FALSE, TRUE, FALSE, 5000, TRUE, FALSE, FALSE, FALSE, '2023-03-07 08:00:00', FALSE, NULL, 'd1', NULL, 2),
    ('A-3', '1.001193@2023-01-01', '12433@2020-03-01', 'H54.01@2020-03-01',
     '2023-12-31', '2024-01-05', NULL, NULL, 5, TRUE,
     FALSE, FALSE, TRUE, NULL, 5000, FALSE, FALSE, FALSE, FALSE, '2023-12-31 08:00:00', TRUE, '2024-01-02', 'd1', NULL, 3),
    ('A-4', '1.001193@2023-01-01', '12433@2020-03-01', 'H54.01@2020-03-01',
     '2022-12-30', NULL, '2024-01-01', '2024-01-01', 9, TRUE,
     TRUE, TRUE, TRUE, TRUE, 0, FALSE, FALSE, FALSE, FALSE, '2024-01-01 08:00:00', FALSE, NULL, 'd1', NULL, 4),
    ('A-5', '1.001193@2023-01-01', '12433@2020-03-01', 'H54.01@2020-03-01',
     '2023-05-01', NULL, NULL, '2023-06-01', 7, TRUE,
     FALSE, TRUE, TRUE, NULL, 0, FALSE, FALSE, FALSE, FALSE, '2023-06-01 08:00:00', FALSE, NULL, 'd1', NULL, 5);
INSERT INTO core.fact_dossier_digitisation VALUES ('A-1', 1, TRUE), ('A-1', 2, TRUE), ('A-2', 1, FALSE);
INSERT INTO core.fact_satisfaction VALUES
    ('12433@2020-03-01', 'PH-1', 'survey', '2023-05', 5, NULL, NULL, NULL, 'd2', 2),
    ('12433@2020-03-01', 'PH-2', 'feedback', '2023-05', NULL, '2023-05-20', '2023-05-19', TRUE, 'd2', 3);
INSERT INTO core.fact_welfare_payment VALUES
    ('12433@2020-03-01', 't1', '2023-05', '2023-05-01', '12433', 'elderly', 360000, TRUE, 'd2', 2);
INSERT INTO core.fact_official_requirement VALUES
    ('12433@2020-03-01', '12433', 'official_chip_card', '2023-Q4', '2023-12-31', 20, 20, TRUE, 'd4', 7, NULL),
    ('12433@2020-03-01', '12433', 'official_eid_account', '2023-Q4', '2023-12-31', 19, 20, TRUE, 'd4', 7, NULL),
    ('12433@2020-03-01', '12433', 'official_portal_account', '2023-Q4', '2023-12-31', 18, 20, TRUE, 'd4', 7, NULL);
INSERT INTO core.fact_database_connection VALUES
    ('CSDL-001', '2023-Q4', '2023-12-31', '2021-03-05', '2023-11-20', TRUE, TRUE, 'd4', 8);
INSERT INTO core.dim_shared_database VALUES ('CSDL-001', 'CSDL đất đai');
INSERT INTO core.fact_population_check VALUES
    ('12433@2020-03-01', 'DS-20230515-01', 1, 'insurance', '12433', 'matched', TRUE, '2023-05-15', 'd2', 2);
INSERT INTO core.fact_portal_reconciliation VALUES
    ('H54.01@2020-03-01', 'H54.01', '2023-05', '2023-05-01', 3, 3, 3, 0, 'd2', 2);
INSERT INTO core.fact_work_file VALUES
    ('H54.01', '34', 'province', '2023-05', '2023-05-01', 100, 90, 'd3', 'HSCV', 8),
    ('H54.36', '336', 'district', '2023-05', '2023-05-01', 10, 10, 'd3', 'HSCV', 9),
    ('H54.36', '12433', 'commune', '2023-05', '2023-05-01', 5, 4, 'd3', 'HSCV', 10);
INSERT INTO core.fact_digital_infrastructure VALUES
    ('12433@2020-03-01', '12433', 'fibre_households', '2023-Q3', '2023-09-30', 40, 100, 'd4', 'HaTang', 6, NULL),
    ('12433@2020-03-01', '12433', 'fibre_households', '2023-Q4', '2023-12-31', 54, 100, 'd4', 'HaTang', 6, NULL),
    ('12433@2020-03-01', '12433', 'fibre_communes', '2023-Q4', '2023-12-31', 1, 1, 'd4', 'HaTang', 7, NULL),
    ('12433@2020-03-01', '12433', 'accounts_15plus', '2023-Q4', '2023-12-31', 80, 90, 'd4', 'HaTang', 8, NULL),
    ('12433@2020-03-01', '12433', 'shared_databases', '2023-Q4', '2023-12-31', 3, 4, 'd4', 'HaTang', 9, NULL);
INSERT INTO core.fact_identity_issuance VALUES
    ('12433@2020-03-01', '12433', '2023-W51', '2023-12-24', 10, 9, 8, 7, 'd5', 'BaoCao', 9, NULL),
    ('12433@2020-03-01', '12433', '2023-W52', '2023-12-31', 10, 10, 9, 7, 'd5', 'BaoCao', 9, NULL);
INSERT INTO quality.delivery
SELECT * EXCLUDE (day), (day || ' 22:00:00+07')::TIMESTAMPTZ FROM (VALUES
    ('s1', 'd1', 'one_stop_dossier', 'VPUB', '2023-05-17', 'hoso_20230517.json', 'accepted', 1000, 995, 5, 0, '2023-05-17'),
    ('s0', 'd1', 'one_stop_dossier', 'VPUB', '2023-05-17', 'hoso_20230517.json', 'superseded', 1000, 995, 5, 0, '2023-05-17'),
    ('s6', 'd6', 'one_stop_dossier', 'VPUB', '2023-05-18', 'hoso_20230518.json', 'refused', NULL, 0, 0, NULL, '2023-05-18'),
    ('s2', 'd2', 'procedure_catalogue', 'VPUB', '2023-01-01', 'tthc.xlsx', 'accepted', 10, 10, 0, 0, '2023-01-02'),
    ('s3', 'd3', 'work_file_processing', 'STTTT', '2023-05', 'hscv.xlsx', 'accepted', 10, 10, 0, 0, '2023-06-02'),
    ('s4', 'd4', 'digital_infrastructure', 'STTTT', '2023-Q4', 'hatang.xlsx', 'accepted', 10, 10, 0, 0, '2024-01-05'),
    ('s5', 'd5', 'identity_issuance', 'CATB', '2023-W52', 'cccd.xlsx', 'accepted', 10, 10, 0, 0, '2024-01-02'),
    ('s7', 'd7', 'target_response', 'VPUB', '2023-Q4', 'giaitrinh4.xlsx', 'accepted', 6, 6, 0, 0, '2024-01-10'),
    ('s8', 'd8', 'target_response', 'VPUB', '2023-Q3', 'giaitrinh3.xlsx', 'accepted', 6, 6, 0, 0, '2023-10-10')
) AS sent (
    sending_id, delivery_id, extract, supplier_code, period, file_name, status, rows_read, rows_accepted,
    rows_quarantined, rows_structural, day);
INSERT INTO quality.coverage VALUES
    ('identity_issuance', 'CATB', '2023-W05', 'missing'), ('identity_issuance', 'CATB', '2023-W06', 'accepted'),
    ('one_stop_dossier', 'VPUB', '2023-05-17', 'accepted');
INSERT INTO quality.quarantine VALUES
    ('d1', 'one_stop_dossier', 'VPUB', '2023-05-17', NULL, 7, 'received_on', 'received_on.unreadable', 'gate',
     'quarantine', '<b>31/02</b>', 'ngày', 'Ngày tiếp nhận: không đọc được “<b>31/02</b>”.', 'Cannot be read.');
"""


_MEMBERS = """
INSERT INTO mart.kpi_agency BY NAME
SELECT * EXCLUDE (unit_key, unit_level, unit_name, value_low, value_high), 'H54.01' AS agency_code,
    'province' AS agency_level
FROM mart.kpi_scorecard WHERE unit_code = '336';
INSERT INTO mart.kpi_service BY NAME
SELECT * EXCLUDE (unit_key, unit_code, unit_level, unit_name, value_low, value_high),
    'essential_service' AS service_kind, 'TY09' AS service_code, 9 AS service_no,
    'Đăng ký khai sinh' AS service_name, 'Birth registration' AS service_name_en
FROM mart.kpi_scorecard WHERE unit_code = '336';
INSERT INTO mart.essential_service VALUES
    (9, 'TY09', '2023', 4, 2, 0.6, 0.5, 1, 4, 2, 0.5, 61020, TRUE),
    (9, 'TY09', '2023-11', 3, 2, 0.667, 0.6667, 0, 3, 2, 0.6667, 61020, FALSE);
"""


def _insert(
    con: duckdb.DuckDBPyConnection, indicator: dict[str, Any], period: str, unit_code: str, counts: Counts
) -> None:
    numerator, denominator, target, value, status = counts
    con.execute(
        """
        INSERT INTO mart.kpi_scorecard BY NAME
        SELECT
            $kpi_set AS kpi_set, $kpi_code AS kpi_code, $title_vi AS title_vi, $title_en AS title_en,
            $period AS period, unit.unit_key, unit.unit_code, unit.level AS unit_level, unit.full_name AS unit_name,
            $numerator AS numerator, $denominator AS denominator, $target AS target, $value AS value,
            $status AS status, $basis AS basis, 'assumed' AS target_basis, $measure AS measure,
            $direction AS direction, $owner AS owner_short_code, 'one_stop_dossier' AS source_extract,
            'core.fact_dossier' AS source_table, 0.5 AS coverage_share, 0.01 AS quarantine_share,
            $value * 0.9 AS value_low, $value AS value_high, 5 AS rows_quarantined, 1 AS dossiers_with_newer_rejected
        FROM core.dim_administrative_unit AS unit
        WHERE unit.unit_code = $unit_code
        """,
        {
            **{name: indicator[name] for name in ("kpi_set", "kpi_code", "title_vi", "title_en", "basis", "measure")},
            "direction": indicator["direction"],
            "owner": indicator["owner_short_code"],
            "period": period,
            "unit_code": unit_code,
            "numerator": numerator,
            "denominator": denominator,
            "target": target,
            "value": value,
            "status": status,
        },
    )


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
    indicators = {row["kpi_code"]: row for row in tables.indicator().iter_rows(named=True)}
    con.executemany(
        "INSERT INTO meta.kpi_sql VALUES (?, ?, ?, ?)",
        [[code, row["formula_vi"], row["formula_en"], EXPLAINED] for code, row in indicators.items()],
    )
    for code, row in indicators.items():
        value, target, status = VALUES.get(code, (1234567.0, None, "not_applicable"))
        if row["kpi_set"] == "target_16" and code not in VALUES:
            value, target, status = 1.0, 1.0, "met"
        _insert(con, row, "2023", "34", (1234, 5678, target, value, status))
    for code, period, unit_code, counts in FIGURES:
        _insert(con, indicators[code], period, unit_code, counts)
    con.executemany(
        "INSERT INTO meta.indicator VALUES (?, ?)", [[code, row["accrual"]] for code, row in indicators.items()]
    )
    create_macros(con, "analyst")
    # The office handles what the city's page shows, and all of it is one essential service.
    con.execute(_MEMBERS)
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
