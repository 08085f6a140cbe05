-- Dossiers resolved in the period: before (days_late < 0), on, or after their due date; none counts as on time.
-- column days_late | Số ngày so với hạn (âm: trước hạn) | Days after the due day (below 0: before it)
SELECT
    fact.dossier_code,
    fact.finished_on,
    fact.due_on,
    fact.finished_on - fact.due_on AS days_late,
    fact.is_on_time,
    fact.result_digitised,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_dossier AS fact
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.is_resolved
    AND fact.finished_on >= $first_day
    AND fact.finished_on < $day_after
ORDER BY fact.finished_on, fact.dossier_code
