-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Người hưởng nhận qua tài khoản ÷ người hưởng, theo lần chi trả cuối trong kỳ | Beneficiaries paid into an account ÷ beneficiaries, by their last payment of the period
SELECT count(*) FILTER (WHERE person.is_non_cash) AS numerator, count(*) AS denominator
FROM (
    SELECT unit_key, is_non_cash
    FROM core.fact_welfare_payment
    WHERE month_first_on BETWEEN $first_on AND $last_on
    QUALIFY month_first_on = max(month_first_on) OVER (PARTITION BY beneficiary_token)
) AS person
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = person.unit_key
WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
