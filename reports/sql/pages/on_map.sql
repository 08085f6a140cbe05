-- An indicator of a year on the map of communes of another day; what cannot be added up whole is not derivable.
SELECT
    figure.kpi_code,
    figure.unit_key,
    figure.unit_code,
    unit.full_name,
    unit.name_en,
    unit.unit_type,
    figure.numerator,
    figure.denominator,
    figure.value,
    figure.is_derivable
FROM mart.kpi_on_map($map_date) AS figure
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = figure.unit_key
WHERE figure.period = $period AND figure.unit_level = 'commune' AND figure.kpi_code = $kpi_code
ORDER BY figure.unit_code
