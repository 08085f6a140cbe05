-- The procedures of the essential services in force at the end of the year, with the agency as it is called then.
SELECT
    service.service_no,
    service.procedure_code,
    service.procedure_name,
    service.agency_code,
    agency.name_vi AS agency_vi,
    agency.name_en AS agency_en,
    service.service_level
FROM core.dim_service AS service
LEFT JOIN core.dim_agency AS agency
    ON agency.agency_code = service.agency_code
    AND agency.valid_from <= $last_on
    AND (agency.valid_to IS NULL OR agency.valid_to > $last_on)
WHERE
    service.service_no IS NOT NULL
    AND service.valid_from <= $last_on
    AND (service.valid_to IS NULL OR service.valid_to > $last_on)
ORDER BY service.service_no, service.procedure_code
