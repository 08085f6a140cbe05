-- The communes at the end of a year of whose dossiers less than a share came in online, the lowest first; one that received none
-- has no share and stands last.
SELECT
    unit.unit_key,
    unit.unit_code,
    unit.full_name,
    unit.name_en,
    unit.unit_type,
    figure.numerator,
    figure.denominator,
    figure.value
FROM core.dim_administrative_unit AS unit
LEFT JOIN mart.kpi_scorecard AS figure
    ON figure.unit_key = unit.unit_key AND figure.kpi_code = 'O02' AND figure.period = $period
WHERE
    unit.level = 'commune'
    AND unit.province_key = $unit_key
    AND unit.valid_from <= $last_on
    AND (unit.valid_to IS NULL OR unit.valid_to > $last_on)
    AND (figure.value IS NULL OR figure.numerator < $threshold::DECIMAL(9, 4) * figure.denominator)
ORDER BY figure.value NULLS LAST, unit.unit_code
