-- The months of the year of every figure of every unit, in order.
SELECT
    figure.unit_key,
    figure.kpi_code,
    figure.period,
    figure.numerator,
    figure.denominator,
    figure.target,
    figure.value,
    figure.status
FROM mart.kpi_scorecard AS figure
JOIN core.dim_period AS month
    ON month.period = figure.period AND month.period_kind = 'month' AND month.year_period = $period
ORDER BY figure.unit_key, figure.kpi_code, figure.period
