-- name stage.shared_database_finding
-- grain một lỗi do luật cấp kho của danh mục cơ sở dữ liệu dùng chung | one finding of a release rule about the lists of shared databases
-- purpose Cơ quan không có vào cuối quý | Agencies that do not exist at the quarter's end
SELECT
    'shared_database' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'owner_agency_code' AS column_name,
    'owner_agency_code.unknown' AS rule_code,
    owner_agency_code AS found
FROM stage.shared_database_record
WHERE owner_agency_key IS NULL
