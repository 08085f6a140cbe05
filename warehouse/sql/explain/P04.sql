-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose P01 × mức tiết kiệm giả định mỗi hồ sơ (reference: saving_per_dossier_vnd) | P01 × the assumed saving per dossier (reference: saving_per_dossier_vnd)
SELECT count(*) * 30510 AS numerator, NULL AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.received_on BETWEEN $first_on AND $last_on
    AND dossier.is_online
    AND dossier.is_essential
