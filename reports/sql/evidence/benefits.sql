-- Payments of social assistance of the period, paid without cash or with it; a person's last one is marked.
-- column is_last_of_person | Khoản cuối cùng của người hưởng trong kỳ | The person’s last payment of the period
SELECT
    fact.period,
    fact.unit_code,
    fact.benefit_kind,
    fact.amount_vnd,
    fact.is_non_cash,
    fact.month_first_on = newest.month_first_on AS is_last_of_person,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_welfare_payment AS fact
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN (
    SELECT beneficiary_token, max(month_first_on) AS month_first_on
    FROM core.fact_welfare_payment
    WHERE month_first_on >= $first_day AND month_first_on < $day_after
    GROUP BY beneficiary_token
) AS newest ON newest.beneficiary_token = fact.beneficiary_token
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.month_first_on >= $first_day
    AND fact.month_first_on < $day_after
ORDER BY fact.period, fact.unit_code, fact.source_row
