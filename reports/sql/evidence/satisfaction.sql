-- Survey answers and feedback of the period: scores from 1 to 5, feedback answered by its due day or not.
SELECT
    fact.response_no,
    fact.response_kind,
    fact.period,
    fact.overall_score,
    fact.due_on,
    fact.answered_on,
    fact.is_answered_on_time,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_satisfaction AS fact
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND (fact.period || '-01')::DATE >= $first_day
    AND (fact.period || '-01')::DATE < $day_after
ORDER BY fact.response_no
