-- name stage.dossier_step_finding
-- grain một lỗi do luật cấp kho của bước xử lý | one finding of a release rule about a step
-- purpose Cơ quan không có vào ngày kết thúc bước | Agencies that do not exist on the day the step ended
SELECT
    'dossier_step' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'agency_code' AS column_name,
    'agency_code.unknown' AS rule_code,
    agency_code AS found
FROM stage.dossier_step_record
WHERE agency_key IS NULL
