-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Trực tuyến ÷ tiếp nhận trong kỳ, hồ sơ của thủ tục cung cấp toàn trình | Online ÷ received in the period, dossiers of procedures offered at full process
SELECT count(*) FILTER (WHERE dossier.is_online) AS numerator, count(*) AS denominator
FROM core.fact_dossier AS dossier
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
JOIN core.dim_service AS service ON service.service_key = dossier.service_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND dossier.is_received
    AND dossier.received_on BETWEEN $first_on AND $last_on
    AND service.service_level = 'full'
