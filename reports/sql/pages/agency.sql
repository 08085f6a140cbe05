-- Every figure of one agency in a year and its months.
SELECT
    figure.kpi_set,
    figure.kpi_code,
    figure.period,
    figure.numerator,
    figure.denominator,
    figure.value,
    figure.target,
    figure.status
FROM mart.kpi_agency AS figure
JOIN core.dim_period AS shown ON shown.period = figure.period AND shown.year_period = $period
WHERE figure.agency_code = $agency_code
ORDER BY figure.kpi_set, figure.kpi_code, figure.period
