-- Payments of social assistance of the period, paid without cash or with it; a person's last one is marked.
SELECT
    fact.period,
    fact.unit_code,
    fact.benefit_kind,
    fact.amount_vnd,
    fact.is_non_cash,
    fact.month_first_on = max(fact.month_first_on) OVER (PARTITION BY fact.beneficiary_token) AS is_last_of_person,
    delivery.file_name,
    fact.source_row
FROM core.fact_welfare_payment AS fact
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE fact.month_first_on >= $first_day AND fact.month_first_on < $day_after
ORDER BY fact.period, fact.unit_code, fact.source_row
