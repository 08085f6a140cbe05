-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Số tiền chi trả vào tài khoản ÷ số tiền chi trả | Amount paid into accounts ÷ amount paid
SELECT
    sum(payment.amount_vnd) FILTER (WHERE payment.is_non_cash) AS numerator,
    sum(payment.amount_vnd) AS denominator
FROM core.fact_welfare_payment AS payment
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = payment.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND payment.month_first_on BETWEEN $first_on AND $last_on
