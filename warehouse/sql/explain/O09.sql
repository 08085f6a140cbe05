-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Đang tạm dừng (trạng thái 5, 6, 8 hiện nay) trong số tiếp nhận đến cuối kỳ | Paused (status 5, 6 or 8 now) among those received by the end
SELECT count(*) AS numerator, NULL AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.received_on <= $last_on
    AND (dossier.closed_on IS NULL OR dossier.closed_on > $last_on)
    AND dossier.status_code IN (5, 6, 8)
