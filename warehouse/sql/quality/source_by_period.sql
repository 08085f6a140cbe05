-- name quality.source_by_period
-- grain biểu × kỳ (năm, tháng) | extract × period (year, month)
-- purpose Số liệu của một kỳ đủ đến đâu: lần gửi đã nhận trên phải gửi, dòng bị cách ly trên tổng số dòng | How complete a period's data are: deliveries accepted of those due, rows quarantined of all rows
-- clearance open
-- key extract, period
-- column extract | Biểu | Extract
-- column period | Kỳ: năm hoặc tháng | Period: year or month
-- column deliveries_due | Lần gửi đã đến hạn, hoặc đã đến | Deliveries that were due by now, or came before
-- column deliveries_accepted | Trong đó đã nhận | Of these, accepted
-- column rows_counted | Dòng được tính | Rows that count
-- column rows_quarantined | Dòng bị cách ly, ở cổng và trong kho | Rows quarantined, at the gate and in the release
-- column coverage_share | Đã nhận ÷ phải gửi; trống khi kỳ không phải gửi gì | Accepted ÷ due; empty where nothing was due
-- column quarantine_share | Bị cách ly ÷ (bị cách ly + được tính); trống khi không có dòng nào | Quarantined ÷ (quarantined + counted); empty without any row
WITH slot AS (
    SELECT extract, supplier_code, period, period_last_on FROM ledger.slot
    UNION
    SELECT extract, supplier_code, period, period_last_on FROM ledger.sending
),
owed AS (
    SELECT
        slot.extract,
        period.period,
        count(*) AS deliveries_due,
        count(*) FILTER (WHERE coverage.state = 'accepted') AS deliveries_accepted
    FROM quality.coverage AS coverage
    JOIN slot
        ON slot.extract = coverage.extract
        AND slot.supplier_code = coverage.supplier_code
        AND slot.period = coverage.period
    JOIN core.dim_period AS period ON slot.period_last_on BETWEEN period.first_on AND period.last_on
    WHERE coverage.state NOT IN ('not_due', 'due')
    GROUP BY slot.extract, period.period
),
passed AS (
    SELECT sending.extract, period.period, sum(receipt.rows_accepted)::BIGINT AS rows_accepted
    FROM ledger.sending AS sending
    JOIN ledger.receipt AS receipt ON receipt.delivery_id = sending.delivery_id
    JOIN core.dim_period AS period ON sending.period_last_on BETWEEN period.first_on AND period.last_on
    WHERE sending.status = 'accepted'
    GROUP BY sending.extract, period.period
),
known AS (
    SELECT
        coalesce(owed.extract, passed.extract) AS extract,
        coalesce(owed.period, passed.period) AS period,
        coalesce(owed.deliveries_due, 0) AS deliveries_due,
        coalesce(owed.deliveries_accepted, 0) AS deliveries_accepted,
        coalesce(passed.rows_accepted, 0) - coalesce(held.rows_quarantined_in_release, 0) AS rows_counted,
        coalesce(held.rows_quarantined, 0) AS rows_quarantined
    FROM owed
    FULL JOIN passed ON passed.extract = owed.extract AND passed.period = owed.period
    LEFT JOIN quality.held_by_period AS held
        ON held.extract = coalesce(owed.extract, passed.extract) AND held.period = coalesce(owed.period, passed.period)
)
SELECT
    *,
    (deliveries_accepted / nullif(deliveries_due, 0))::DOUBLE AS coverage_share,
    (rows_quarantined / nullif(rows_quarantined + rows_counted, 0))::DOUBLE AS quarantine_share
FROM known
