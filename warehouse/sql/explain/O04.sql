-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Giải quyết trước hạn | Resolved before the due day
SELECT count(*) AS numerator, NULL AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.is_resolved
    AND dossier.finished_on BETWEEN $first_on AND $last_on
    AND dossier.finished_on < dossier.due_on
