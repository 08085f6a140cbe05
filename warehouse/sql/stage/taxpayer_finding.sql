-- name stage.taxpayer_finding
-- grain một lỗi do luật cấp kho của người nộp thuế | one finding of a release rule about the lists of taxpayers
-- purpose Xã không có vào cuối tháng | Communes that do not exist at the month's end
SELECT
    'taxpayer' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'unit_code' AS column_name,
    'unit_code.unknown' AS rule_code,
    unit_code AS found
FROM stage.taxpayer_record
WHERE unit_key IS NULL
