-- One indicator: the year's figure of every unit, and the months of the province.
SELECT
    figure.unit_level,
    figure.unit_code,
    figure.unit_name,
    figure.period,
    figure.numerator,
    figure.denominator,
    figure.value,
    figure.target,
    figure.status
FROM mart.kpi_scorecard AS figure
JOIN core.dim_period AS shown ON shown.period = figure.period AND shown.year_period = $period
WHERE figure.kpi_code = $kpi_code AND (figure.period = $period OR figure.unit_level = 'province')
ORDER BY figure.unit_level DESC, figure.unit_code, figure.period
