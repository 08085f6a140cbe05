-- Every figure of one unit and period, with the agency that answers for it on the last day of the period.
SELECT
    figure.kpi_set,
    figure.kpi_code,
    figure.title_vi,
    figure.title_en,
    figure.measure,
    figure.numerator,
    figure.denominator,
    figure.target,
    figure.target_basis,
    figure.value,
    figure.status,
    figure.basis,
    figure.source_extract,
    figure.rows_quarantined,
    coalesce(owner.name_vi, figure.owner_short_code) AS owner_vi,
    coalesce(owner.name_en, figure.owner_short_code) AS owner_en
FROM mart.kpi_scorecard AS figure
LEFT JOIN core.dim_agency AS owner
    ON owner.short_code = figure.owner_short_code
    AND owner.valid_from <= $last_day
    AND (owner.valid_to IS NULL OR owner.valid_to >= $last_day)
WHERE figure.period = $period AND figure.unit_code = $unit_code
ORDER BY figure.kpi_set, figure.kpi_code
