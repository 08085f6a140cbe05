-- grain chỉ tiêu × kỳ × đơn vị | indicator × period × unit
-- purpose Số liệu của một bản (mart.kpi_scorecard) khác với lần phát hành cuối đã ghi, kể cả số nay không còn | Figures of a release (mart.kpi_scorecard) that are not what the last recorded publication said, those it no longer has included
WITH standing AS (
    SELECT
        kpi_code,
        period,
        unit_key,
        arg_max(
            {
                'numerator': numerator,
                'denominator': denominator,
                'value': value,
                'status': status,
                'is_gone': is_gone
            },
            publication_no
        ) AS said
    FROM build.published_figure
    GROUP BY kpi_code, period, unit_key
)
SELECT
    coalesce(now.kpi_code, standing.kpi_code) AS kpi_code,
    coalesce(now.period, standing.period) AS period,
    coalesce(now.unit_key, standing.unit_key) AS unit_key,
    now.numerator,
    now.denominator,
    now.value,
    now.status,
    now.kpi_code IS NULL AS is_gone
FROM mart.kpi_scorecard AS now
FULL JOIN (FROM standing WHERE NOT said.is_gone) AS standing
    ON standing.kpi_code = now.kpi_code AND standing.period = now.period AND standing.unit_key = now.unit_key
WHERE
    now.kpi_code IS NULL
    OR standing.kpi_code IS NULL
    OR now.numerator IS DISTINCT FROM standing.said.numerator
    OR now.denominator IS DISTINCT FROM standing.said.denominator
    OR now.value::DECIMAL(38, 9) IS DISTINCT FROM standing.said.value::DECIMAL(38, 9)
    OR now.status IS DISTINCT FROM standing.said.status
