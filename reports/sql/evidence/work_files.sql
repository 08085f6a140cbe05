-- Work files by agency and month of the period, with the level of government they count for.
SELECT
    fact.level_code,
    fact.agency_code,
    fact.period,
    fact.files_online,
    fact.files_total,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_sheet,
    fact.source_row
FROM core.fact_work_file AS fact
JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = fact.unit_code
    AND unit.valid_from <= fact.month_first_on
    AND (unit.valid_to IS NULL OR unit.valid_to > fact.month_first_on)
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.month_first_on >= $first_day
    AND fact.month_first_on < $day_after
ORDER BY fact.level_code, fact.agency_code, fact.period
