-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Cơ sở dữ liệu dùng chung: quý mới nhất trong năm của mỗi đơn vị | Shared databases: the newest quarter of the year of each unit
SELECT sum(newest.numerator) AS numerator, sum(newest.denominator) AS denominator
FROM (
    SELECT
        arg_max(report.numerator, report.quarter_last_on) AS numerator,
        arg_max(report.denominator, report.quarter_last_on) AS denominator
    FROM core.fact_digital_infrastructure AS report
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = report.unit_key
    WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
        AND report.measure_code = 'shared_databases'
        AND report.quarter_last_on BETWEEN $first_on AND $last_on
        AND (report.succeeded_on IS NULL OR report.succeeded_on > $last_on)
    GROUP BY report.unit_key
) AS newest
