-- name quality.held_by_period
-- grain biểu × kỳ (năm, tháng) | extract × period (year, month)
-- purpose Số dòng bị cách ly trong các lần gửi đang được tính của kỳ | Rows quarantined in the deliveries that count for the period
-- clearance open
-- key extract, period
-- column extract | Biểu | Extract
-- column period | Kỳ: năm hoặc tháng | Period: year or month
-- column rows_quarantined | Dòng bị cách ly, ở cổng và trong kho | Rows quarantined, at the gate and in the release
-- column rows_quarantined_in_release | Trong đó bị cách ly trong kho | Of these, in the release
WITH held AS (
    SELECT extract, delivery_id, source_sheet, source_row, bool_or(stage = 'release') AS is_in_release
    FROM quality.quarantine
    WHERE severity = 'quarantine' AND is_counting
    GROUP BY extract, delivery_id, source_sheet, source_row
)
SELECT
    held.extract,
    period.period,
    count(*) AS rows_quarantined,
    count(*) FILTER (WHERE held.is_in_release) AS rows_quarantined_in_release
FROM held
JOIN ledger.sending AS sending ON sending.delivery_id = held.delivery_id AND sending.status = 'accepted'
JOIN core.dim_period AS period ON sending.period_last_on BETWEEN period.first_on AND period.last_on
GROUP BY held.extract, period.period
