-- Files that left the history of their own kind, by their titles or by a column, the last received first.
SELECT
    drift.extract,
    drift.supplier_code,
    drift.period,
    drift.column_name,
    drift.message_vi,
    drift.message_en,
    came.received_at
FROM (
    SELECT delivery_id, extract, supplier_code, period, NULL AS column_name, message_vi, message_en
    FROM quality.header_drift
    UNION ALL
    SELECT delivery_id, extract, supplier_code, period, column_name, message_vi, message_en
    FROM quality.column_drift
) AS drift
JOIN (
    SELECT delivery_id, max(received_at) AS received_at
    FROM quality.delivery
    WHERE status = 'accepted'
    GROUP BY delivery_id
) AS came USING (delivery_id)
ORDER BY came.received_at DESC, drift.extract, drift.supplier_code, drift.period, drift.column_name, drift.message_en
