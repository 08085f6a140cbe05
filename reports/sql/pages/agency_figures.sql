-- Every figure of the year of the agencies of province and districts, its place among those of its level, and how often and
-- since which month its target is missed, of the months that are met or not; those before the year tell when it was last met.
WITH monthly AS (
    SELECT
        figure.kpi_code,
        figure.agency_code,
        figure.period,
        figure.status = 'not_met' AS is_missed,
        month.year_period = $period AS is_of_year,
        max(figure.period) FILTER (WHERE figure.status = 'met')
            OVER (PARTITION BY figure.kpi_code, figure.agency_code) AS last_met
    FROM mart.kpi_agency AS figure
    JOIN core.dim_period AS month
        ON month.period = figure.period AND month.period_kind = 'month' AND month.year_period <= $period
    WHERE figure.status IN ('met', 'not_met')
),
missed AS (
    SELECT
        kpi_code,
        agency_code,
        min(period) AS first_judged,
        max(last_met) AS last_met,
        count(*) FILTER (WHERE is_of_year) AS months_judged,
        count(*) FILTER (WHERE is_of_year AND is_missed) AS months_missed,
        min(period) FILTER (WHERE period > coalesce(last_met, '')) AS missed_since,
        max(period) FILTER (WHERE period > coalesce(last_met, '')) AS missed_until,
        count(*) FILTER (WHERE period > coalesce(last_met, '')) AS months_running
    FROM monthly
    GROUP BY kpi_code, agency_code
),
figure AS (
    SELECT
        *,
        CASE WHEN measure IN ('share', 'target_ratio', 'mean', 'points') AND direction IN ('up', 'down')
            THEN CASE direction WHEN 'down' THEN -value ELSE value END
        END AS worth
    FROM mart.kpi_agency
    WHERE period = $period AND agency_level IN ('province', 'district')
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
    CASE WHEN figure.worth IS NOT NULL
        THEN rank() OVER (PARTITION BY figure.kpi_code, figure.agency_level ORDER BY figure.worth DESC NULLS LAST)
    END AS place,
    count(figure.worth) OVER (PARTITION BY figure.kpi_code, figure.agency_level) AS places
FROM figure
LEFT JOIN missed ON missed.kpi_code = figure.kpi_code AND missed.agency_code = figure.agency_code
ORDER BY figure.agency_code, figure.kpi_set DESC, figure.kpi_code
