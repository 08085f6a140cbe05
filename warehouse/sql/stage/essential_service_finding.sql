-- name stage.essential_service_finding
-- grain một lỗi do luật cấp kho của báo cáo dịch vụ công thiết yếu | one finding of a release rule about a report on essential services
-- purpose Thủ tục không có hoặc không còn hiệu lực trong tháng báo cáo | Procedures unknown or not in force in the month
SELECT
    'essential_service_report' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'procedure_code' AS column_name,
    CASE WHEN is_known_procedure THEN 'procedure_code.not_in_force' ELSE 'procedure_code.unknown' END AS rule_code,
    procedure_code AS found
FROM stage.essential_service_record
WHERE service_key IS NULL
