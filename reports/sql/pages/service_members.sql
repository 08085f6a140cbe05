-- The essential services that have figures of the year, by number.
SELECT DISTINCT service_code, service_no, service_name, coalesce(service_name_en, service_name) AS service_name_en
FROM mart.kpi_service
WHERE period = $period AND service_kind = 'essential_service'
ORDER BY service_no
