-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Hồ sơ của kỳ (chuyển sang và tiếp nhận) đang hiển thị trạng thái cũ | Dossiers of the period, carried over or received, shown in an older state
SELECT count(*) AS numerator, NULL AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.received_on <= $last_on
    AND (dossier.closed_on IS NULL OR dossier.closed_on >= $first_on)
    AND dossier.has_newer_rejected
