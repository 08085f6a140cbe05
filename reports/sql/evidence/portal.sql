-- Dossiers by agency and month, on the national portal and here.
-- column on_both | Có ở cả Cổng và kho | On the portal and here
-- column on_either | Có ở Cổng hoặc kho | On the portal or here
SELECT
    fact.agency_code,
    fact.period,
    fact.portal_dossiers,
    fact.own_dossiers,
    fact.codes_listed - fact.codes_unknown_here AS on_both,
    fact.own_dossiers + fact.codes_unknown_here AS on_either,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_portal_reconciliation AS fact
JOIN core.dim_agency AS agency ON agency.agency_key = fact.agency_key
JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = agency.unit_code
    AND unit.valid_from <= fact.month_first_on
    AND (unit.valid_to IS NULL OR unit.valid_to > fact.month_first_on)
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND fact.month_first_on >= $first_day
    AND fact.month_first_on < $day_after
ORDER BY fact.agency_code, fact.period
