-- Online dossiers of essential services received in the period, and whether they were resolved by its end.
-- column service_no | Dịch vụ thiết yếu | Essential service
-- column is_resolved_by_end | Đã giải quyết đến cuối kỳ | Resolved by the end of the period
SELECT
    fact.dossier_code,
    service.service_no,
    fact.received_on,
    coalesce(fact.is_resolved AND fact.finished_on < $day_after, FALSE) AS is_resolved_by_end,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_dossier AS fact
JOIN core.dim_service AS service ON service.service_key = fact.service_key
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.is_received
    AND fact.is_online
    AND fact.is_essential
    AND fact.received_on >= $first_day
    AND fact.received_on < $day_after
ORDER BY fact.received_on, fact.dossier_code
