-- The figure as the scorecard holds it.
SELECT kpi_code, title_vi, numerator, denominator, value, target, target_basis, status, basis
FROM mart.kpi_scorecard
WHERE kpi_code = $kpi_code AND period = $period AND unit_code = $unit_code
