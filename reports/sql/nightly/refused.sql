-- Every refused file, the newest first, and whether a later one of its period was accepted.
SELECT
    refused.file_name,
    refused.extract,
    refused.supplier_code,
    refused.period,
    refused.received_at,
    refused.refusal_code,
    refused.refusal_vi,
    refused.refusal_en,
    coalesce(slot.state, '') AS state
FROM quality.delivery AS refused
LEFT JOIN quality.coverage AS slot USING (extract, supplier_code, period)
WHERE refused.status = 'refused'
ORDER BY refused.received_at DESC, refused.file_name
