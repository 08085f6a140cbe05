-- Every figure of one unit in a year and its months.
SELECT
    figure.kpi_set,
    figure.kpi_code,
    figure.period,
    figure.numerator,
    figure.denominator,
    figure.value,
    figure.target,
    figure.status
FROM mart.kpi_scorecard AS figure
JOIN core.dim_period AS shown ON shown.period = figure.period AND shown.year_period = $period
WHERE figure.unit_key = $unit_key
ORDER BY figure.kpi_set, figure.kpi_code, figure.period
