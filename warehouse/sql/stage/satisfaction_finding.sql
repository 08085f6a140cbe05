-- name stage.satisfaction_finding
-- grain một lỗi do luật cấp kho của phiếu đánh giá, phản ánh | one finding of a release rule about surveys and feedback
-- purpose Hồ sơ không có trong kho | Dossiers the warehouse does not know
SELECT
    'satisfaction_response' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'dossier_code' AS column_name,
    'dossier_code.unknown' AS rule_code,
    dossier_code AS found
FROM stage.satisfaction_record
WHERE known_dossier_code IS NULL
