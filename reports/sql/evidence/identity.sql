-- Cards and electronic identities in the last week of the period, by commune: cumulative, eligible persons, target.
SELECT
    fact.period,
    fact.unit_code,
    fact.cards_issued_cumulative,
    fact.eligible_persons,
    fact.eid_activated_cumulative,
    fact.eid_target,
    delivery.file_name,
    fact.source_sheet,
    fact.source_row
FROM core.fact_identity_issuance AS fact
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE fact.week_last_on >= $first_day AND fact.week_last_on < $day_after
QUALIFY fact.week_last_on = max(fact.week_last_on) OVER (PARTITION BY fact.unit_code)
ORDER BY fact.unit_code
