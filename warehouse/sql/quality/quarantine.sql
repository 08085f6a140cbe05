-- name quality.quarantine
-- grain một lỗi của một dòng (cách ly, bỏ giá trị, cảnh báo) | one finding: quarantine, blank or warn
-- purpose Vì sao dòng hoặc giá trị bị loại; giá trị chỉ hiện khi đúng mẫu của cột, còn lại chỉ hiện hình dạng | Why a row or value was rejected; a value shows only if it fits its column, else its shape
-- clearance analyst
-- slices finding
-- column delivery_id | Mã nội dung gửi | Delivery
-- column extract | Biểu | Extract
-- column supplier_code | Đơn vị gửi | Supplier
-- column period | Kỳ | Period
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng hoặc bản ghi trong tệp | Row or record in the file
-- column column_name | Cột | Column
-- column rule_code | Mã luật | Rule
-- column stage | Chặng: gate (cổng), release (kho) | Stage: gate or release
-- column severity | Mức: quarantine, blank, warn | Severity: quarantine, blank, warn
-- column found | Giá trị gặp phải, hoặc hình dạng của nó | Value found, or its shape
-- column expected | Giá trị cần có | What is expected
-- column message_vi | Thông báo | Message in Vietnamese
-- column message_en | Thông báo tiếng Anh | Message in English
-- column is_counting | Lần gửi đang được tính | Whether the delivery counts in this release
WITH finding AS (
    SELECT
        receipt.extract, receipt.rule_set_id, finding.delivery_id, finding.source_sheet, finding.source_row,
        finding.column_name, finding.rule_code, finding.found
    FROM ledger.finding AS finding
    JOIN ledger.receipt AS receipt ON receipt.delivery_id = finding.delivery_id
    UNION ALL
    SELECT
        extract, 'release' AS rule_set_id, delivery_id, source_sheet, source_row, column_name, rule_code, found
    FROM stage.release_finding
),
delivery AS (
    SELECT delivery_id, supplier_code, period, bool_or(status = 'accepted') AS is_counting
    FROM ledger.sending
    GROUP BY delivery_id, supplier_code, period
)
SELECT
    finding.delivery_id,
    finding.extract,
    delivery.supplier_code,
    delivery.period,
    finding.source_sheet,
    finding.source_row,
    finding.column_name,
    finding.rule_code,
    rule.stage,
    rule.severity,
    finding.found,
    rule.expected_vi AS expected,
    replace(replace(rule.message_vi, '{found}', coalesce(finding.found, '')), '{expected}', rule.expected_vi)
        AS message_vi,
    replace(replace(rule.message_en, '{found}', coalesce(finding.found, '')), '{expected}', rule.expected_en)
        AS message_en,
    delivery.is_counting
FROM finding
JOIN delivery ON delivery.delivery_id = finding.delivery_id
LEFT JOIN ledger.rule AS rule
    ON rule.rule_set_id = finding.rule_set_id
    AND rule.extract = finding.extract
    AND rule.rule_code = finding.rule_code
WHERE rule.severity IS DISTINCT FROM 'refuse'
