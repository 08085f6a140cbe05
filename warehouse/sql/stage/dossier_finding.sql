-- name stage.dossier_finding
-- grain một lỗi do luật cấp kho của hồ sơ | one finding of a release rule about a dossier record
-- purpose Thủ tục không có hoặc không còn hiệu lực, cơ quan hoặc xã không có vào ngày tiếp nhận | Procedures unknown or not in force, agencies and communes that do not exist on the day
-- slices dossier
WITH unsound AS (
    SELECT * FROM stage.dossier_record WHERE NOT is_sound
)
SELECT
    'one_stop_dossier' AS extract, delivery_id, source_sheet, source_row, 'procedure_code' AS column_name,
    CASE WHEN is_known_procedure THEN 'procedure_code.not_in_force' ELSE 'procedure_code.unknown' END AS rule_code,
    procedure_code AS found, registered_month
FROM unsound
WHERE service_key IS NULL
UNION ALL
SELECT
    'one_stop_dossier', delivery_id, source_sheet, source_row, 'agency_code', 'agency_code.unknown', agency_code,
    registered_month
FROM unsound
WHERE agency_key IS NULL
UNION ALL
SELECT
    'one_stop_dossier', delivery_id, source_sheet, source_row, 'unit_code', 'unit_code.unknown', unit_code,
    registered_month
FROM unsound
WHERE unit_key IS NULL
