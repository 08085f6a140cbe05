-- Dossiers received in the period, with the marks that the shares of received dossiers count.
SELECT
    fact.dossier_code,
    fact.received_on,
    unit.unit_code,
    fact.is_online,
    fact.amount_due_vnd > 0 AS has_amount_due,
    fact.paid_online,
    fact.components_digitised,
    fact.vneid_authenticated,
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
    AND fact.received_on >= $first_day
    AND fact.received_on < $day_after
ORDER BY fact.received_on, fact.dossier_code
