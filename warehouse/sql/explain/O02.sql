-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Tiếp nhận trực tuyến ÷ tiếp nhận trong kỳ | Received online ÷ received in the period
SELECT count(*) FILTER (WHERE dossier.is_online) AS numerator, count(*) AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.received_on BETWEEN $first_on AND $last_on
