-- grain luật | rule
-- purpose Lỗi theo luật | Findings by rule
SELECT rule_code, stage, severity, sum(rows)::BIGINT AS rows FROM quality.rule_result GROUP BY ALL ORDER BY ALL
