-- Dossiers by agency and month, on the national portal and here.
SELECT
    fact.agency_code,
    fact.period,
    fact.portal_dossiers,
    fact.own_dossiers,
    fact.codes_listed - fact.codes_unknown_here AS on_both,
    fact.own_dossiers + fact.codes_unknown_here AS on_either,
    delivery.file_name,
    fact.source_row
FROM core.fact_portal_reconciliation AS fact
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE fact.month_first_on >= $first_day AND fact.month_first_on < $day_after
ORDER BY fact.agency_code, fact.period
