-- Shared databases, whole province, as last listed in the period: connected by the quarter's end, used within it.
-- column is_connected_and_used | Đã kết nối và có khai thác | Connected and used
SELECT
    fact.database_code,
    fact.period,
    fact.connected_on,
    fact.last_used_on,
    fact.is_connected,
    fact.is_connected AND fact.is_used AS is_connected_and_used,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_database_connection AS fact
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    fact.quarter_last_on >= $first_day
    AND fact.quarter_last_on < $day_after
QUALIFY fact.quarter_last_on = max(fact.quarter_last_on) OVER (PARTITION BY fact.database_code)
ORDER BY fact.database_code
