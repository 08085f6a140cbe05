-- The first two dossiers of every commune that each evidence query lists, with where they stand in a file.
WITH told AS (
    SELECT
        unit_key,
        dossier_code,
        {
            'dossier_code': dossier_code,
            'received_on': received_on,
            'due_on': due_on,
            'closed_on': closed_on,
            'delivery_id': source_delivery_id,
            'source_sheet': source_sheet,
            'source_row': source_row
        } AS line,
        received_on >= $first_day AND received_on < $day_after AS is_received_then,
        coalesce(is_resolved AND finished_on >= $first_day AND finished_on < $day_after, FALSE) AS is_resolved_then,
        is_online AND is_essential AS is_essential_online,
        received_on < $first_day AND coalesce(closed_on >= $first_day, TRUE) AS is_carried_over,
        received_on < $day_after AND coalesce(closed_on >= $day_after, TRUE) AS is_in_process,
        coalesce(status_code = 7 AND closed_on >= $first_day AND closed_on < $day_after, FALSE) AS is_withdrawn_then,
        has_newer_rejected AND received_on < $day_after AND coalesce(closed_on >= $first_day, TRUE) AS is_older_state
    FROM core.fact_dossier
    WHERE is_received
)
SELECT
    unit_key,
    arg_min(line, dossier_code, 2) FILTER (WHERE is_received_then) AS dossiers_received,
    arg_min(line, dossier_code, 2) FILTER (WHERE is_resolved_then) AS dossiers_resolved,
    arg_min(line, dossier_code, 2) FILTER (WHERE is_received_then AND is_essential_online) AS essential_dossiers,
    arg_min(line, dossier_code, 2) FILTER (WHERE is_carried_over) AS dossiers_carried_over,
    arg_min(line, dossier_code, 2) FILTER (WHERE is_in_process) AS dossiers_in_process,
    arg_min(line, dossier_code, 2) FILTER (WHERE is_withdrawn_then) AS dossiers_withdrawn,
    arg_min(line, dossier_code, 2) FILTER (WHERE is_older_state) AS dossiers_older_state
FROM told
GROUP BY unit_key
ORDER BY unit_key
