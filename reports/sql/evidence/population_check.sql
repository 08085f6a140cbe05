-- Lines of the insurance register that came back from the population database in the period.
SELECT
    fact.batch_no,
    fact.line_no,
    fact.unit_code,
    fact.result_code,
    fact.is_matched,
    fact.returned_on,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_population_check AS fact
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.register_code = 'insurance'
    AND fact.returned_on >= $first_day
    AND fact.returned_on < $day_after
ORDER BY fact.batch_no, fact.line_no
