-- name stage.portal_finding
-- grain một lỗi do luật cấp kho của đối soát với Cổng quốc gia | one finding of a release rule about the reconciliation with the national portal
-- purpose Cơ quan không có trong tháng | Agencies that do not exist in the month
SELECT
    'portal_reconciliation' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'agency_code' AS column_name,
    'agency_code.unknown' AS rule_code,
    agency_code AS found
FROM stage.portal_record
WHERE agency_key IS NULL
