-- The file and supplier of every delivery that counts.
SELECT delivery_id, extract, supplier_code, period, file_name, received_at, rows_accepted, rows_quarantined
FROM quality.delivery
WHERE status = 'accepted'
ORDER BY received_at, file_name
