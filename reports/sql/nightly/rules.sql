-- Rows found by each rule in all deliveries, the most frequent first; a file sent twice is counted once.
SELECT
    result.extract,
    result.rule_code,
    result.severity,
    result.stage,
    sum(result."rows")::BIGINT AS found_rows,
    count(DISTINCT result.delivery_id) AS deliveries,
    max(came.received_at) AS last_received_at
FROM quality.rule_result AS result
JOIN (
    SELECT delivery_id, min(received_at) AS received_at
    FROM quality.delivery
    GROUP BY delivery_id
) AS came USING (delivery_id)
GROUP BY result.extract, result.rule_code, result.severity, result.stage
ORDER BY found_rows DESC, result.extract, result.rule_code, result.severity, result.stage
