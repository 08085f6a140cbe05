-- The procedures of the essential services in force at the end of the year.
SELECT service_no, procedure_code, procedure_name, agency_code, service_level
FROM core.dim_service
WHERE service_no IS NOT NULL AND valid_from <= $last_on AND (valid_to IS NULL OR valid_to > $last_on)
ORDER BY service_no, procedure_code
