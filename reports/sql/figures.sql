-- Every figure of one unit and period.
SELECT
    kpi_set,
    kpi_code,
    title_vi,
    title_en,
    measure,
    numerator,
    denominator,
    target,
    target_basis,
    value,
    status,
    basis
FROM mart.kpi_scorecard
WHERE period = $period AND unit_code = $unit_code
ORDER BY kpi_set, kpi_code
