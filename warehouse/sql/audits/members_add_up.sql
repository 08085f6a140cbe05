-- name audits.members_add_up
-- grain một chỉ tiêu × kỳ mà cộng các cơ quan hoặc các thủ tục khác cộng các xã | one indicator and period whose agencies or procedures do not add up to the communes
-- purpose Cộng các cơ quan, cộng các thủ tục đều bằng cộng các xã; mọi hồ sơ có một xã, một cơ quan, một thủ tục | The agencies add up to the communes, and so do the procedures: every dossier has one of each
-- slices period
WITH added AS (
    SELECT
        figure.kpi_code,
        figure.period,
        CASE WHEN figure.grain = 'unit' THEN 'commune' ELSE figure.grain END AS grain,
        sum(figure.numerator) AS numerator,
        coalesce(sum(figure.denominator), 0) AS denominator
    FROM mart.kpi_figure AS figure
    JOIN reference.indicator AS indicator ON indicator.kpi_code = figure.kpi_code
    LEFT JOIN core.dim_administrative_unit AS unit ON figure.grain = 'unit' AND unit.unit_key = figure.member_key
    WHERE indicator.source_table IN ('core.fact_dossier', 'core.fact_dossier_digitisation')
        AND contains(indicator.grains, 'service')
        AND (figure.grain <> 'unit' OR unit.level = 'commune')
        AND NOT (figure.grain = 'service' AND starts_with(figure.member_key, 'TY'))
    GROUP BY ALL
)
SELECT other.*
FROM added AS other
JOIN added AS commune
    ON commune.kpi_code = other.kpi_code AND commune.period = other.period AND commune.grain = 'commune'
WHERE (other.numerator, other.denominator) IS DISTINCT FROM (commune.numerator, commune.denominator)
