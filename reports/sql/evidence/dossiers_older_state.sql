-- Dossiers open at some time in the period that are shown in an older state: their newest record was set apart.
-- column shown_state_at | Trạng thái đang hiển thị là của | The state shown is of
SELECT
    fact.dossier_code,
    fact.updated_at AS shown_state_at,
    fact.newest_rejected_on,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_dossier AS fact
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.has_newer_rejected
    AND fact.is_received
    AND fact.received_on < $day_after
    AND (fact.closed_on IS NULL OR fact.closed_on >= $first_day)
ORDER BY fact.newest_rejected_on, fact.dossier_code
