-- What was published of an indicator for a period that was over and then changed, in any unit: old, new, and the files behind it.
SELECT
    unit.unit_code,
    unit.full_name,
    unit.name_en,
    unit.unit_type,
    changed.period,
    changed.old_value,
    changed.new_value,
    changed.old_status,
    changed.new_status,
    changed.published_at,
    changed.old_release_id,
    changed.release_id,
    array_to_string(changed.delivery_ids, ' ') AS delivery_ids,
    array_to_string(files.file_names, ', ') AS file_names
FROM meta.kpi_restatement AS changed
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = changed.unit_key
LEFT JOIN LATERAL (
    SELECT list(DISTINCT delivery.file_name ORDER BY delivery.file_name) AS file_names
    FROM quality.delivery AS delivery
    WHERE list_contains(changed.delivery_ids, delivery.delivery_id)
) AS files ON TRUE
WHERE changed.kpi_code = $kpi_code
ORDER BY
    changed.publication_no DESC,
    CASE unit.level WHEN 'province' THEN 1 WHEN 'district' THEN 2 ELSE 3 END,
    unit.unit_code,
    changed.period
