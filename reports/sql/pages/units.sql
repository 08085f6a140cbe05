-- Every unit that has figures of the year, the newest version of a code first: only that one has the plain address.
SELECT
    unit.unit_key,
    unit.unit_code,
    unit.level,
    unit.full_name,
    unit.name_en,
    unit.unit_type,
    unit.district_key,
    unit.province_key,
    unit.valid_from,
    unit.valid_to,
    unit.legal_act,
    row_number() OVER (PARTITION BY unit.unit_code ORDER BY unit.valid_from DESC) = 1 AS is_newest
FROM core.dim_administrative_unit AS unit
WHERE unit.unit_key IN (SELECT figure.unit_key FROM mart.kpi_scorecard AS figure WHERE figure.period = $period)
ORDER BY unit.level DESC, unit.unit_code, unit.valid_from
