-- Rows found by each rule, by the month in which their file was received.
SELECT
    result.extract,
    result.rule_code,
    result.severity,
    result.stage,
    strftime(timezone('Asia/Ho_Chi_Minh', came.received_at), '%Y-%m') AS received_month,
    sum(result."rows")::BIGINT AS found_rows
FROM quality.rule_result AS result
JOIN (
    SELECT delivery_id, min(received_at) AS received_at
    FROM quality.delivery
    GROUP BY delivery_id
) AS came USING (delivery_id)
GROUP BY result.extract, result.rule_code, result.severity, result.stage, received_month
ORDER BY result.extract, result.rule_code, result.severity, result.stage, received_month
