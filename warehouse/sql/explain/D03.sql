-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Hồ sơ có ở cả Cổng quốc gia và kho ÷ hồ sơ có ở một trong hai nơi | Dossiers known both to the national portal and here ÷ dossiers known to either
SELECT
    sum(report.codes_listed - report.codes_unknown_here) AS numerator,
    sum(report.own_dossiers + report.codes_unknown_here) AS denominator
FROM core.fact_portal_reconciliation AS report
JOIN core.dim_agency AS agency ON agency.agency_key = report.agency_key
JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = agency.unit_code
    AND unit.valid_from <= report.month_first_on
    AND (unit.valid_to IS NULL OR unit.valid_to > report.month_first_on)
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND report.month_first_on BETWEEN $first_on AND $last_on
