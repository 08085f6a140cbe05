-- The months of the year of every figure of the essential services, in order.
SELECT
    figure.service_code,
    figure.kpi_code,
    figure.period,
    figure.numerator,
    figure.denominator,
    figure.target,
    figure.value,
    figure.status
FROM mart.kpi_service AS figure
JOIN core.dim_period AS month
    ON month.period = figure.period AND month.period_kind = 'month' AND month.year_period = $period
WHERE figure.service_kind = 'essential_service'
ORDER BY figure.service_code, figure.kpi_code, figure.period
