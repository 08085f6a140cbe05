-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Tổng điểm chung ÷ số phiếu khảo sát, các tháng của kỳ | Sum of overall scores ÷ survey answers, the months of the period
SELECT sum(answer.overall_score) AS numerator, count(answer.overall_score) AS denominator
FROM core.fact_satisfaction AS answer
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = answer.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND (answer.period || '-01')::DATE BETWEEN $first_on AND $last_on
