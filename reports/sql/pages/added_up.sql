-- What can be added up, of every unit that has units below it: its own figure beside the sum of theirs.
WITH below AS (
    SELECT unit_key, unnest([district_key, province_key]) AS above_key, level
    FROM core.dim_administrative_unit
    WHERE level = 'commune'
    UNION ALL
    SELECT unit_key, province_key, level
    FROM core.dim_administrative_unit
    WHERE level = 'district'
),
added AS (
    SELECT below.above_key, below.level, figure.kpi_code, count(*) AS units, sum(figure.numerator) AS numerator
    FROM mart.kpi_scorecard AS figure
    JOIN below ON below.unit_key = figure.unit_key
    WHERE figure.period = $period
    GROUP BY below.above_key, below.level, figure.kpi_code
)
SELECT
    own.unit_key,
    own.kpi_code,
    own.title_vi,
    own.title_en,
    added.level,
    added.units,
    own.numerator AS own_numerator,
    added.numerator AS added_numerator,
    own.numerator - added.numerator AS difference
FROM mart.kpi_scorecard AS own
JOIN added ON added.above_key = own.unit_key AND added.kpi_code = own.kpi_code
WHERE own.period = $period AND own.measure IN ('count', 'vnd')
ORDER BY own.unit_key, own.kpi_code, added.level DESC
