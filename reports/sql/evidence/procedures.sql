-- Procedures in force at the period's end: eligible for full process, offered so, and their essential service.
-- column procedure_name | Tên thủ tục | Name of the procedure, in Vietnamese
-- column essential_service_no | Dịch vụ thiết yếu | Essential service
SELECT
    service.procedure_code,
    service.procedure_name,
    service.full_process_eligible,
    service.service_level,
    service.service_no AS essential_service_no,
    delivery.delivery_id,
    delivery.file_name,
    service.source_row
FROM core.dim_service AS service
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = service.source_delivery_id AND delivery.status = 'accepted'
WHERE service.valid_from < $day_after AND (service.valid_to IS NULL OR service.valid_to >= $day_after)
ORDER BY service.procedure_code
