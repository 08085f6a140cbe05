-- name core.dim_period
-- grain một năm, một quý hoặc một tháng | a year, a quarter or a month
-- purpose Các kỳ có số liệu đến thời điểm của bản phát hành | The periods with data up to the release's moment
-- clearance open
-- key period
-- column period | Kỳ: 2023, 2023-Q4 hoặc 2023-12 | Period: 2023, 2023-Q4 or 2023-12
-- column period_kind | Loại kỳ: year, quarter, month | Kind: year, quarter, month
-- column year_period | Năm của kỳ, dạng văn bản | The year it lies in, as text
-- column first_on | Ngày đầu kỳ | First day
-- column last_on | Ngày cuối kỳ | Last day
WITH reach AS (
    SELECT min(sending.period_first_on) AS first_on, max(run.as_of_on) AS last_on
    FROM ledger.sending AS sending
    CROSS JOIN ledger.run AS run
    WHERE sending.status = 'accepted'
        AND sending.extract NOT IN ('list_decision', 'succession_list', 'delivery_withdrawal')
        AND sending.extract NOT IN (SELECT extract FROM ledger.reference_list)
),
month AS (
    SELECT unnest(generate_series(date_trunc('year', first_on), last_on, INTERVAL 1 MONTH))::DATE AS first_on
    FROM reach
    WHERE first_on IS NOT NULL
)
SELECT
    strftime(first_on, '%Y-%m') AS period,
    'month' AS period_kind,
    strftime(first_on, '%Y') AS year_period,
    first_on,
    last_day(first_on) AS last_on
FROM month
UNION ALL
SELECT
    strftime(first_on, '%Y'),
    'year',
    strftime(first_on, '%Y'),
    first_on,
    (first_on + INTERVAL 1 YEAR - INTERVAL 1 DAY)::DATE
FROM month
WHERE month(first_on) = 1
UNION ALL
SELECT
    strftime(first_on, '%Y') || '-Q' || quarter(first_on),
    'quarter',
    strftime(first_on, '%Y'),
    first_on,
    (first_on + INTERVAL 3 MONTH - INTERVAL 1 DAY)::DATE
FROM month
WHERE month(first_on) IN (1, 4, 7, 10)
