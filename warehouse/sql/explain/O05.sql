-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Giải quyết đúng hạn, hoặc không có hạn | Resolved on the due day, or without one
SELECT count(*) AS numerator, NULL AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.is_resolved
    AND dossier.finished_on BETWEEN $first_on AND $last_on
    AND (dossier.due_on IS NULL OR dossier.finished_on = dossier.due_on)
