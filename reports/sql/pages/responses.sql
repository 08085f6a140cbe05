-- What units answered for targets they missed in the year: who is in charge and by when, the newest quarter first.
SELECT
    response.kpi_code,
    response.unit_code,
    response.supplier_code,
    response.period,
    coalesce(owner.name_vi, response.owner_agency_code) AS owner_vi,
    coalesce(owner.name_en, response.owner_agency_code) AS owner_en,
    response.owner_agency_code,
    response.deadline_on,
    response.is_deadline_past,
    response.is_remedy_copied,
    delivery.file_name,
    response.source_sheet,
    response.source_row
FROM core.fact_target_response AS response
LEFT JOIN core.dim_agency AS owner ON owner.agency_key = response.owner_agency_key
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = response.source_delivery_id AND delivery.status = 'accepted'
WHERE response.period LIKE $period || '-%'
ORDER BY response.kpi_code, response.unit_code, response.period DESC
