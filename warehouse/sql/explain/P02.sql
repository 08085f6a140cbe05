-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Trong các hồ sơ của P01, đã giải quyết đến cuối kỳ | Of the dossiers of P01, resolved by the end of the period
SELECT count(*) FILTER (WHERE dossier.is_resolved AND dossier.finished_on <= $last_on) AS numerator, count(*) AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.received_on BETWEEN $first_on AND $last_on
    AND dossier.is_online
    AND dossier.is_essential
