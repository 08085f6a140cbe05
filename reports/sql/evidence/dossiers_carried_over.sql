-- Dossiers received before the period and not closed before it.
SELECT
    fact.dossier_code,
    fact.received_on,
    fact.closed_on,
    fact.status_code,
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
    AND fact.received_on < $first_day
    AND (fact.closed_on IS NULL OR fact.closed_on >= $first_day)
ORDER BY fact.received_on, fact.dossier_code
