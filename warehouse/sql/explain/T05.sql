-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Hồ sơ công việc xử lý trên mạng ÷ tổng, cơ quan cấp xã, các tháng của kỳ | Work files handled online ÷ work files, commune agencies, the months of the period
SELECT sum(report.files_online) AS numerator, sum(report.files_total) AS denominator
FROM core.fact_work_file AS report
JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = report.unit_code
    AND unit.valid_from <= report.month_first_on
    AND (unit.valid_to IS NULL OR unit.valid_to > report.month_first_on)
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND report.level_code = 'commune'
    AND report.month_first_on BETWEEN $first_on AND $last_on
