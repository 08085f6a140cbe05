-- name stage.work_file_record
-- grain một dòng báo cáo văn bản, hồ sơ công việc đã qua cổng | one work file row accepted at the gate, superseded deliveries included
-- purpose Tra phiên bản cơ quan có hiệu lực trong tháng báo cáo | Looks up the version of the agency valid in the month
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.work_file_processing
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_work_file_processing
)
SELECT record.*, agency.agency_key
FROM record
LEFT JOIN core.dim_agency AS agency
    ON agency.agency_code = record.agency_code
    AND agency.valid_from <= record.period_last_on
    AND coalesce(agency.valid_to, DATE '9999-12-31') > record.period_last_on
