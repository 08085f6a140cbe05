-- name stage.insurance_participant_finding
-- grain một lỗi do luật cấp kho của người tham gia bảo hiểm | one finding of a release rule about the lists of insurance participants
-- purpose Xã không có vào cuối tháng | Communes that do not exist at the month's end
SELECT
    'insurance_participant' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'unit_code' AS column_name,
    'unit_code.unknown' AS rule_code,
    unit_code AS found
FROM stage.insurance_participant_record
WHERE unit_key IS NULL
