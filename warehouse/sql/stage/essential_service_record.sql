-- name stage.essential_service_record
-- grain một dòng báo cáo dịch vụ công thiết yếu đã qua cổng, kể cả của lần gửi đã được thay thế | one row of the reports on essential services accepted at the gate, superseded deliveries included
-- purpose Tra phiên bản thủ tục và cơ quan báo cáo có hiệu lực cuối tháng | Looks up the versions of procedure and reporting agency valid at the month's end
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.essential_service_report
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_essential_service_report
),
known_procedure AS (
    SELECT DISTINCT procedure_code FROM core.dim_service
)
SELECT
    record.*,
    service.service_key,
    service.service_no,
    service.procedure_name,
    agency.agency_key,
    known_procedure.procedure_code IS NOT NULL AS is_known_procedure
FROM record
LEFT JOIN known_procedure ON known_procedure.procedure_code = record.procedure_code
LEFT JOIN core.dim_service AS service
    ON service.procedure_code = record.procedure_code
    AND service.valid_from <= record.period_last_on
    AND coalesce(service.valid_to, DATE '9999-12-31') > record.period_last_on
LEFT JOIN core.dim_agency AS agency
    ON agency.short_code = record.supplier_code
    AND agency.valid_from <= record.period_last_on
    AND coalesce(agency.valid_to, DATE '9999-12-31') > record.period_last_on
