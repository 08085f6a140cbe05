-- Dossiers by district in the period, from the scorecard's own figures for each district.
SELECT
    unit.unit_code,
    unit.full_name,
    unit.name_en,
    max(figure.numerator) FILTER (WHERE figure.kpi_code = 'O01') AS received,
    max(figure.value) FILTER (WHERE figure.kpi_code = 'O02') AS online_share,
    max(figure.numerator) FILTER (WHERE figure.kpi_code = 'O03') AS resolved,
    max(figure.value) FILTER (WHERE figure.kpi_code = 'T09') AS on_time_share
FROM core.dim_administrative_unit AS unit
LEFT JOIN mart.kpi_scorecard AS figure ON figure.unit_code = unit.unit_code AND figure.period = $period
WHERE unit.level = 'district' AND unit.province_code = $unit_code
GROUP BY unit.unit_code, unit.full_name, unit.name_en
ORDER BY unit.unit_code
