-- What was last answered for the targets that one unit missed, in the quarters that a period touches.
SELECT
    response.kpi_code,
    response.period,
    response.unit_code,
    response.supplier_code,
    coalesce(owner.name_vi, response.owner_agency_code) AS owner_vi,
    coalesce(owner.name_en, response.owner_agency_code) AS owner_en,
    response.deadline_on,
    response.is_deadline_past,
    response.is_remedy_copied
FROM core.fact_target_response AS response
LEFT JOIN core.dim_agency AS owner ON owner.agency_key = response.owner_agency_key
WHERE response.unit_code = $unit_code
    AND response.quarter_first_on <= $last_day
    AND response.quarter_first_on + INTERVAL 3 MONTH > $first_day
QUALIFY row_number() OVER (
    PARTITION BY response.kpi_code ORDER BY response.quarter_first_on DESC, response.supplier_code
) = 1
