-- The months of the year of every figure of the agencies of province and districts, in order.
SELECT
    figure.agency_code,
    figure.kpi_code,
    figure.period,
    figure.numerator,
    figure.denominator,
    figure.target,
    figure.value,
    figure.status
FROM mart.kpi_agency AS figure
JOIN core.dim_period AS month
    ON month.period = figure.period AND month.period_kind = 'month' AND month.year_period = $period
WHERE figure.agency_level IN ('province', 'district')
ORDER BY figure.agency_code, figure.kpi_code, figure.period
