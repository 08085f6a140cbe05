-- Every figure of the units of one level inside a unit.
SELECT
    figure.unit_code,
    figure.unit_name,
    figure.kpi_code,
    figure.numerator,
    figure.denominator,
    figure.value,
    figure.target,
    figure.status
FROM mart.kpi_scorecard AS figure
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = figure.unit_key
WHERE
    figure.period = $period
    AND figure.unit_level = $level
    AND $unit_key IN (unit.district_key, unit.province_key)
ORDER BY figure.kpi_code, figure.unit_code
