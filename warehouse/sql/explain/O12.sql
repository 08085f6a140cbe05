-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Có giấy tờ đã số hoá được dùng lại ÷ tiếp nhận trong kỳ | Reusing an earlier digital paper ÷ received in the period
SELECT count(*) FILTER (WHERE reusing.dossier_code IS NOT NULL) AS numerator, count(*) AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
LEFT JOIN (SELECT DISTINCT dossier_code FROM core.fact_dossier_digitisation WHERE is_reused) AS reusing
    ON reusing.dossier_code = dossier.dossier_code
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.received_on BETWEEN $first_on AND $last_on
