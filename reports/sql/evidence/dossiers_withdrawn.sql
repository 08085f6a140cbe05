-- Dossiers that their applicants withdrew in the period.
SELECT
    fact.dossier_code,
    fact.received_on,
    fact.closed_on,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_dossier AS fact
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.is_received
    AND fact.status_code = 7
    AND fact.closed_on >= $first_day
    AND fact.closed_on < $day_after
ORDER BY fact.closed_on, fact.dossier_code
