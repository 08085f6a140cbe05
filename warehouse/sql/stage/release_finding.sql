-- name stage.release_finding
-- grain một lỗi do luật cấp kho | one finding of a release rule
-- purpose Lỗi mà chỉ toàn bộ kho mới thấy, của mọi biểu | What only the whole warehouse can find, of every extract
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.dossier_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.work_file_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.essential_service_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.target_response_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.shared_database_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.satisfaction_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.portal_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.population_check_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.taxpayer_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.insurance_participant_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.dossier_step_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.welfare_payment_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.official_requirement_finding
UNION ALL
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found FROM stage.withdrawal_finding
