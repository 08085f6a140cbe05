-- Causes and remedies as they were typed; only the restricted edition has them.
SELECT period, unit_code, supplier_code, cause, remedy, deadline_on
FROM core.fact_target_response
WHERE kpi_code = $kpi_code
ORDER BY period DESC, unit_code
