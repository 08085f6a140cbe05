-- Causes and remedies as they were typed; only the restricted edition has them.
SELECT kpi_code, period, cause, remedy
FROM core.fact_target_response
WHERE unit_code = $unit_code
    AND quarter_first_on <= $last_day
    AND quarter_first_on + INTERVAL 3 MONTH > $first_day
QUALIFY row_number() OVER (PARTITION BY kpi_code ORDER BY quarter_first_on DESC, supplier_code) = 1
