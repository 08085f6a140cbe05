-- name stage.work_file_finding
-- grain một lỗi do luật cấp kho của báo cáo hồ sơ công việc | one finding of a release rule about a work file row
-- purpose Cơ quan không có trong tháng báo cáo | Agencies that do not exist in the month
SELECT
    'work_file_processing' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'agency_code' AS column_name,
    'agency_code.unknown' AS rule_code,
    agency_code AS found
FROM stage.work_file_record
WHERE agency_key IS NULL
