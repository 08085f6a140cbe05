-- Dossiers received by the period's end and not closed by then; status 5, 6 and 8 are paused.
-- column is_paused | Đang tạm dừng | Is paused
SELECT
    fact.dossier_code,
    fact.received_on,
    fact.due_on,
    fact.closed_on,
    fact.status_code,
    fact.status_code IN (5, 6, 8) AS is_paused,
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
    AND fact.received_on < $day_after
    AND (fact.closed_on IS NULL OR fact.closed_on >= $day_after)
ORDER BY fact.received_on, fact.dossier_code
