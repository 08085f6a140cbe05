-- name mart.kpi_benefits
-- grain chỉ tiêu × kỳ × đơn vị | indicator × period × unit
-- purpose Chi trả trợ giúp xã hội không dùng tiền mặt, theo số tiền và theo số người | Social assistance paid without cash, by amount and by persons
-- clearance analyst
-- key kpi_code, period, grain, member_key
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ | Period
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan) | unit (province, district, commune), agency
-- column member_key | Phiên bản đơn vị, hoặc mã cơ quan | Version of the unit, or agency code
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
WITH paid AS (
    SELECT
        payment.period,
        payment.unit_key,
        sum(payment.amount_vnd) FILTER (WHERE payment.is_non_cash) AS non_cash_vnd,
        sum(payment.amount_vnd) AS paid_vnd,
        count(*) FILTER (WHERE payment.is_non_cash) AS non_cash_persons,
        count(*) AS persons
    FROM core.fact_welfare_payment AS payment
    GROUP BY payment.period, payment.unit_key
),
-- In a year a person counts once, as and where last paid.
last_paid AS (
    SELECT
        left(period, 4) AS period,
        arg_max({'unit_key': unit_key, 'is_non_cash': is_non_cash}, month_first_on) AS payment
    FROM core.fact_welfare_payment
    GROUP BY left(period, 4), beneficiary_token
),
counted AS (
    SELECT 'W01' AS kpi_code, period, unit_key, coalesce(non_cash_vnd, 0) AS numerator, paid_vnd AS denominator
    FROM paid
    UNION ALL
    SELECT 'W01', left(period, 4), unit_key, sum(coalesce(non_cash_vnd, 0)), sum(paid_vnd)
    FROM paid
    GROUP BY left(period, 4), unit_key
    UNION ALL
    SELECT 'W02', period, unit_key, non_cash_persons, persons
    FROM paid
    UNION ALL
    SELECT 'W02', period, payment.unit_key, count(*) FILTER (WHERE payment.is_non_cash), count(*)
    FROM last_paid
    GROUP BY period, payment.unit_key
),
placed AS (
    SELECT
        counted.kpi_code,
        counted.period,
        unnest(list_distinct([unit.province_key, unit.district_key, unit.unit_key])) AS member_key,
        counted.numerator,
        counted.denominator
    FROM counted
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = counted.unit_key
)
SELECT
    kpi_code,
    period,
    'unit' AS grain,
    member_key,
    sum(numerator)::BIGINT AS numerator,
    sum(denominator)::BIGINT AS denominator
FROM placed
WHERE member_key IS NOT NULL
GROUP BY kpi_code, period, member_key
