-- name stage.population_check_finding
-- grain một lỗi do luật cấp kho của kết quả đối soát dân cư | one finding of a release rule about the results of population checks
-- purpose Xã không có vào ngày trả kết quả | Communes that do not exist on the day
SELECT
    'population_check_result' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'unit_code' AS column_name,
    'unit_code.unknown' AS rule_code,
    unit_code AS found
FROM stage.population_check_record
WHERE unit_key IS NULL
