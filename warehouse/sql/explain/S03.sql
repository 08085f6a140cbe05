-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Phản ánh trả lời trong hạn ÷ phản ánh đã trả lời hoặc đã quá hạn | Feedback answered by its due day ÷ feedback answered or past its due day
SELECT
    count(*) FILTER (WHERE answer.is_answered_on_time) AS numerator,
    count(answer.is_answered_on_time) AS denominator
FROM core.fact_satisfaction AS answer
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = answer.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND (answer.period || '-01')::DATE BETWEEN $first_on AND $last_on
