-- name stage.withdrawal_finding
-- grain một lỗi do luật cấp kho của việc rút tệp | one finding of a release rule about a withdrawal
-- purpose Tệp bị rút chưa hề gửi, hoặc của đơn vị khác | What is withdrawn was not sent before, or by another supplier
SELECT
    'delivery_withdrawal' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'withdrawn_delivery_id' AS column_name,
    CASE WHEN sendings_before = 0 THEN 'row.withdraws_nothing' ELSE 'row.withdraws_anothers' END AS rule_code,
    withdrawn_delivery_id AS found
FROM stage.withdrawal
WHERE NOT is_permitted
