-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Dòng khớp hoặc đã làm sạch ÷ dòng bảo hiểm được trả kết quả trong kỳ | Lines matched or corrected ÷ lines of the insurance register returned in the period
SELECT count(*) FILTER (WHERE checked.is_matched) AS numerator, count(*) AS denominator
FROM core.fact_population_check AS checked
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = checked.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND checked.register_code = 'insurance'
    AND checked.returned_on BETWEEN $first_on AND $last_on
