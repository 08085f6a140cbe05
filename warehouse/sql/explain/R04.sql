-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Đơn vị mà mỗi yêu cầu đều được mọi cán bộ đạt ÷ đơn vị báo cáo đủ ba yêu cầu | Units where every official meets each requirement ÷ units that report all three
SELECT count(*) FILTER (WHERE report.missed = 0) AS numerator, count(*) AS denominator
FROM (
    SELECT newest.unit_key, sum(newest.denominator - newest.numerator) AS missed
    FROM (
        SELECT report.unit_key, report.measure_code, report.numerator, report.denominator
        FROM core.fact_official_requirement AS report
        JOIN core.dim_administrative_unit AS unit ON unit.unit_key = report.unit_key
        WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
            AND report.quarter_last_on BETWEEN $first_on AND $last_on
            AND (report.succeeded_on IS NULL OR report.succeeded_on > $last_on)
        QUALIFY report.quarter_last_on = max(report.quarter_last_on) OVER (
            PARTITION BY report.unit_key, report.measure_code
        )
    ) AS newest
    GROUP BY newest.unit_key
    HAVING count(*) = 3
) AS report
