-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Dịch vụ thiết yếu có ít nhất một hồ sơ trực tuyến trong kỳ ÷ 53 (toàn tỉnh) | Essential services with at least one online dossier in the period ÷ 53 (province)
SELECT count(DISTINCT service.service_no) AS numerator, 53 AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
JOIN core.dim_service AS service ON service.service_key = dossier.service_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.received_on BETWEEN $first_on AND $last_on
    AND dossier.is_online
    AND dossier.is_essential
