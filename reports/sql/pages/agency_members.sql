-- The agencies of province and districts that have figures of the year, that owe files, or that answer for an indicator, as they
-- were on its last day.
SELECT agency_code, agency_code_old, short_code, name_vi, name_en, level, unit_code, valid_from, valid_to
FROM core.dim_agency AS agency
WHERE
    level IN ('province', 'district')
    AND short_code IS NOT NULL
    AND valid_from <= $last_on
    AND (valid_to IS NULL OR valid_to > $first_on)
    AND (
        agency_code IN (SELECT figure.agency_code FROM mart.kpi_agency AS figure WHERE figure.period = $period)
        OR short_code IN (SELECT coverage.supplier_code FROM quality.coverage AS coverage)
        OR short_code IN (SELECT figure.owner_short_code FROM mart.kpi_scorecard AS figure WHERE figure.period = $period)
    )
QUALIFY row_number() OVER (PARTITION BY short_code ORDER BY valid_from DESC) = 1
ORDER BY level DESC, agency_code
