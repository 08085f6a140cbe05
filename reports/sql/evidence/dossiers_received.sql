-- Dossiers received in the period, with the marks that the shares of received dossiers count.
-- column has_amount_due | Phải nộp phí, lệ phí | Has a fee to pay
-- column is_full_process | Thủ tục toàn trình | Its procedure is offered in full online
-- column is_reusing | Dùng lại kết quả số hoá | Reuses what was digitised before
SELECT
    fact.dossier_code,
    fact.received_on,
    unit.unit_code,
    fact.is_online,
    fact.amount_due_vnd > 0 AS has_amount_due,
    fact.paid_online,
    fact.components_digitised,
    fact.vneid_authenticated,
    service.service_level = 'full' AS is_full_process,
    reusing.dossier_code IS NOT NULL AS is_reusing,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_dossier AS fact
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN core.dim_service AS service ON service.service_key = fact.service_key
LEFT JOIN (SELECT DISTINCT dossier_code FROM core.fact_dossier_digitisation WHERE is_reused) AS reusing
    ON reusing.dossier_code = fact.dossier_code
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.is_received
    AND fact.received_on >= $first_day
    AND fact.received_on < $day_after
ORDER BY fact.received_on, fact.dossier_code
