-- name stage.welfare_payment_finding
-- grain một lỗi do luật cấp kho của chi trả trợ giúp xã hội | one finding of a release rule about social assistance
-- purpose Chi trả cho người đã chết từ trước tháng chi trả; dòng vẫn được tính | Payments to people who died before the month paid for; the rows still count
SELECT
    'welfare_payment' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'citizen_number' AS column_name,
    'row.paid_after_death' AS rule_code,
    period AS found
FROM stage.welfare_payment_record
WHERE is_after_death
