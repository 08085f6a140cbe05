-- Every period for which a unit has figures.
SELECT DISTINCT period
FROM mart.kpi_scorecard
WHERE unit_code = $unit_code
ORDER BY period
