-- name stage.set_aside_row
-- grain một dòng của tệp đang được tính | one row of a delivery that counts
-- purpose Dòng mà một luật cấp kho để riêng, không vào bảng nào | Rows that a release rule sets aside, in no fact
SELECT DISTINCT finding.extract, finding.delivery_id, finding.source_sheet, finding.source_row
FROM stage.release_finding AS finding
JOIN ledger.rule AS rule
    ON rule.rule_set_id = 'release'
    AND rule.extract = finding.extract
    AND rule.rule_code = finding.rule_code
    AND rule.severity = 'quarantine'
WHERE finding.delivery_id IN (SELECT delivery_id FROM ledger.sending WHERE status = 'accepted')
