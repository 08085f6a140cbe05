-- name mart.kpi_services
-- grain chỉ tiêu × kỳ, toàn tỉnh | indicator × period, for the province
-- purpose Dịch vụ công: cung cấp toàn trình, dịch vụ thiết yếu vận hành và có phát sinh hồ sơ trực tuyến | Public services: full process, essential services operating and active online
-- clearance open
-- key kpi_code, period, grain, member_key
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ | Period
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan) | unit (province, district, commune), agency
-- column member_key | Phiên bản đơn vị, hoặc mã cơ quan | Version of the unit, or agency code
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
WITH province AS (
    SELECT frame.period, frame.unit_key, frame.first_on, frame.last_on
    FROM mart.unit_period AS frame
    WHERE frame.level = 'province' AND frame.is_valid AND frame.period_kind <> 'quarter'
),
in_force AS (
    SELECT province.period, province.unit_key, service.*
    FROM province
    JOIN core.dim_service AS service
        ON service.valid_from <= province.last_on
        AND coalesce(service.valid_to, DATE '9999-12-31') > province.last_on
),
essential AS (
    SELECT count(DISTINCT service_no) AS services FROM reference.essential_service
),
active AS (
    SELECT
        unit.province_key,
        service.service_no,
        date_trunc('month', dossier.received_on)::DATE AS received_month
    FROM core.fact_dossier AS dossier
    JOIN core.dim_service AS service ON service.service_key = dossier.service_key
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
    WHERE dossier.is_received AND dossier.is_online AND dossier.is_essential
    GROUP BY ALL
)
SELECT
    'T01' AS kpi_code,
    province.period,
    'unit' AS grain,
    province.unit_key AS member_key,
    count(*) FILTER (WHERE in_force.full_process_eligible AND in_force.service_level = 'full') AS numerator,
    count(*) FILTER (WHERE in_force.full_process_eligible) AS denominator
FROM province
LEFT JOIN in_force USING (period, unit_key)
GROUP BY province.period, province.unit_key
UNION ALL
SELECT 'P03', province.period, 'unit', province.unit_key, count(DISTINCT in_force.service_no), any_value(essential.services)
FROM province
CROSS JOIN essential
LEFT JOIN in_force USING (period, unit_key)
GROUP BY province.period, province.unit_key
UNION ALL
SELECT 'T15', province.period, 'unit', province.unit_key, count(DISTINCT active.service_no), any_value(essential.services)
FROM province
CROSS JOIN essential
LEFT JOIN active
    ON active.province_key = province.unit_key
    AND active.received_month BETWEEN province.first_on AND province.last_on
GROUP BY province.period, province.unit_key
