-- Dossiers that their applicants withdrew in the period.
SELECT
    fact.dossier_code,
    fact.received_on,
    fact.closed_on,
    delivery.file_name,
    fact.source_row
FROM core.fact_dossier AS fact
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE fact.is_received AND fact.status_code = 7 AND fact.closed_on >= $first_day AND fact.closed_on < $day_after
ORDER BY fact.closed_on, fact.dossier_code
