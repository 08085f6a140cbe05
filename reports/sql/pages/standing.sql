-- Every figure of the year of every unit, its place among the units of its level, its neighbours there, and how often and since
-- which month its target is missed, of the months that are met or not; those before the year tell when it was last met.
WITH monthly AS (
    SELECT
        figure.kpi_code,
        figure.unit_key,
        figure.period,
        figure.status = 'not_met' AS is_missed,
        month.year_period = $period AS is_of_year,
        max(figure.period) FILTER (WHERE figure.status = 'met')
            OVER (PARTITION BY figure.kpi_code, figure.unit_key) AS last_met
    FROM mart.kpi_scorecard AS figure
    JOIN core.dim_period AS month
        ON month.period = figure.period AND month.period_kind = 'month' AND month.year_period <= $period
    WHERE figure.status IN ('met', 'not_met')
),
missed AS (
    SELECT
        kpi_code,
        unit_key,
        min(period) AS first_judged,
        max(last_met) AS last_met,
        count(*) FILTER (WHERE is_of_year) AS months_judged,
        count(*) FILTER (WHERE is_of_year AND is_missed) AS months_missed,
        min(period) FILTER (WHERE period > coalesce(last_met, '')) AS missed_since,
        max(period) FILTER (WHERE period > coalesce(last_met, '')) AS missed_until,
        count(*) FILTER (WHERE period > coalesce(last_met, '')) AS months_running
    FROM monthly
    GROUP BY kpi_code, unit_key
),
figure AS (
    SELECT
        *,
        -- Shares can be put in order; of a count more is not better, a larger commune only has more.
        CASE WHEN measure IN ('share', 'target_ratio', 'mean', 'points') AND direction IN ('up', 'down')
            THEN CASE direction WHEN 'down' THEN -value ELSE value END
        END AS worth
    FROM mart.kpi_scorecard
    WHERE period = $period
)
SELECT
    figure.* EXCLUDE (worth),
    missed.first_judged,
    missed.last_met,
    missed.months_judged,
    missed.months_missed,
    missed.missed_since,
    missed.missed_until,
    missed.months_running,
    CASE WHEN figure.worth IS NOT NULL THEN rank() OVER by_worth END AS place,
    count(figure.worth) OVER (PARTITION BY figure.kpi_code, figure.unit_level) AS places,
    CASE WHEN figure.worth IS NOT NULL THEN lag(figure.unit_key) OVER in_order END AS better_unit_key,
    CASE WHEN figure.worth IS NOT NULL THEN
        CASE WHEN lead(figure.worth) OVER in_order IS NOT NULL THEN lead(figure.unit_key) OVER in_order END
    END AS worse_unit_key
FROM figure
LEFT JOIN missed ON missed.kpi_code = figure.kpi_code AND missed.unit_key = figure.unit_key
WINDOW
    by_worth AS (PARTITION BY figure.kpi_code, figure.unit_level ORDER BY figure.worth DESC NULLS LAST),
    in_order AS (
        PARTITION BY figure.kpi_code, figure.unit_level ORDER BY figure.worth DESC NULLS LAST, figure.unit_code
    )
ORDER BY figure.unit_key, figure.kpi_set, figure.kpi_code
