-- Every sending that took the place of an earlier one of its period, and how many rows each of the two had set apart.
WITH sent AS (
    SELECT
        *,
        lag(status) OVER of_its_slot AS status_before,
        lag(received_at) OVER of_its_slot AS received_before,
        lag(rows_quarantined + coalesce(rows_structural, 0)) OVER of_its_slot AS set_apart_before
    FROM quality.delivery
    WHERE status <> 'duplicate'
    WINDOW of_its_slot AS (PARTITION BY extract, supplier_code, period, part ORDER BY received_at, sending_id)
)
SELECT
    file_name,
    extract,
    supplier_code,
    period,
    received_before,
    received_at,
    status_before,
    status,
    CASE WHEN status_before <> 'refused' THEN set_apart_before END AS set_apart_before,
    CASE WHEN status <> 'refused' THEN rows_quarantined + coalesce(rows_structural, 0) END AS set_apart
FROM sent
WHERE status_before IS NOT NULL
ORDER BY received_at DESC, file_name
