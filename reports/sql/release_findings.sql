-- What the release set apart or remarked after comparing deliveries with each other.
SELECT delivery_id, source_sheet, source_row, column_name, rule_code, severity, found, expected, message_vi
FROM quality.quarantine
WHERE stage = 'release'
ORDER BY delivery_id, source_sheet, source_row, rule_code
