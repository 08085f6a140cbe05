-- name stage.target_response_finding
-- grain một lỗi do luật cấp kho của giải trình chỉ tiêu | one finding of a release rule about responses to missed targets
-- purpose Cơ quan không có vào cuối quý | Agencies that do not exist at the quarter's end
SELECT
    'target_response' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'owner_agency_code' AS column_name,
    'owner_agency_code.unknown' AS rule_code,
    owner_agency_code AS found
FROM stage.target_response_record
WHERE owner_agency_key IS NULL
