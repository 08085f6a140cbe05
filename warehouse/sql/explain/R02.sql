-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Cán bộ, công chức có tài khoản định danh điện tử ÷ cán bộ, công chức: quý mới nhất trong kỳ của mỗi đơn vị | Officials with an electronic identity ÷ officials: each unit’s newest quarter of the period
SELECT sum(newest.numerator) AS numerator, sum(newest.denominator) AS denominator
FROM (
    SELECT
        arg_max(report.numerator, report.quarter_last_on) AS numerator,
        arg_max(report.denominator, report.quarter_last_on) AS denominator
    FROM core.fact_official_requirement AS report
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = report.unit_key
    WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
        AND report.measure_code = 'official_eid_account'
        AND report.quarter_last_on BETWEEN $first_on AND $last_on
        AND (report.succeeded_on IS NULL OR report.succeeded_on > $last_on)
    GROUP BY report.unit_key
) AS newest
