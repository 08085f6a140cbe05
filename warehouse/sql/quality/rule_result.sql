-- name quality.rule_result
-- grain một lần gửi × một luật có lỗi | delivery × rule broken
-- purpose Số dòng vi phạm theo từng luật | Rows that broke each rule
-- clearance open
-- key delivery_id, rule_code
-- slices finding
-- column delivery_id | Mã nội dung gửi | Delivery
-- column extract | Biểu | Extract
-- column rule_code | Mã luật | Rule
-- column stage | Chặng | Stage
-- column severity | Mức | Severity
-- column rows | Số dòng | Rows
SELECT
    delivery_id,
    extract,
    rule_code,
    any_value(stage) AS stage,
    any_value(severity) AS severity,
    count(DISTINCT (source_sheet, source_row)) AS rows
FROM quality.quarantine
GROUP BY delivery_id, extract, rule_code
