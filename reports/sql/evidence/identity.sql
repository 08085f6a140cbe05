-- Cards and electronic identities in the last week of the period, by commune: cumulative, eligible persons, target.
SELECT
    fact.period,
    fact.unit_code,
    fact.cards_issued_cumulative,
    fact.eligible_persons,
    fact.eid_activated_cumulative,
    fact.eid_target,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_sheet,
    fact.source_row
FROM core.fact_identity_issuance AS fact
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.week_last_on >= $first_day
    AND fact.week_last_on < $day_after
    AND (fact.succeeded_on IS NULL OR fact.succeeded_on >= $day_after)
QUALIFY fact.week_last_on = max(fact.week_last_on) OVER (PARTITION BY fact.unit_key)
ORDER BY fact.unit_code
