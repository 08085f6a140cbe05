-- Dossiers resolved in the period: before (days_late < 0), on, or after their due date; none counts as on time.
SELECT
    fact.dossier_code,
    fact.finished_on,
    fact.due_on,
    fact.finished_on - fact.due_on AS days_late,
    fact.is_on_time,
    fact.result_digitised,
    delivery.file_name,
    fact.source_row
FROM core.fact_dossier AS fact
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE fact.is_resolved AND fact.finished_on >= $first_day AND fact.finished_on < $day_after
ORDER BY fact.finished_on, fact.dossier_code
