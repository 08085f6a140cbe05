-- Findings by rule, the most frequent first, with one line as an example of where to look.
SELECT
    extract,
    rule_code,
    severity,
    stage,
    count(*) AS findings,
    count(DISTINCT delivery_id) AS deliveries,
    arg_min(expected, (period, source_row)) AS expected,
    arg_min(message_vi, (period, source_row)) AS example_vi,
    arg_min(message_en, (period, source_row)) AS example_en
FROM quality.quarantine
GROUP BY extract, rule_code, severity, stage
ORDER BY findings DESC, extract, rule_code, severity, stage
