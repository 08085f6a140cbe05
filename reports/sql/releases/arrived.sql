-- The sendings that only one of two releases holds: new in `newer`, or no longer taken in since `older`.
SELECT 'arrived' AS movement, file_name, extract, supplier_code, period, received_at, status, rows_read, rows_accepted
FROM newer.quality.delivery AS sending
WHERE NOT EXISTS (FROM older.quality.delivery AS known WHERE known.sending_id = sending.sending_id)
UNION ALL
SELECT 'left_out', file_name, extract, supplier_code, period, received_at, status, rows_read, rows_accepted
FROM older.quality.delivery AS sending
WHERE NOT EXISTS (FROM newer.quality.delivery AS known WHERE known.sending_id = sending.sending_id)
ORDER BY received_at DESC, file_name
