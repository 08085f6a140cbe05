-- Officials' three requirements as last reported in the period, by requirement and unit.
-- column is_same_denominator | Mẫu số giống các yêu cầu khác | Same denominator as its other requirements
SELECT
    fact.measure_code,
    fact.period,
    fact.unit_code,
    fact.numerator,
    fact.denominator,
    fact.is_same_denominator,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_official_requirement AS fact
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.quarter_last_on >= $first_day
    AND fact.quarter_last_on < $day_after
    AND (fact.succeeded_on IS NULL OR fact.succeeded_on >= $day_after)
QUALIFY fact.quarter_last_on = max(fact.quarter_last_on) OVER (PARTITION BY fact.measure_code, fact.unit_key)
ORDER BY fact.measure_code, fact.unit_code
