-- Every figure of the year of the essential services, its place among them, and since which month its target is missed
-- without a break.
WITH monthly AS (
    SELECT
        figure.kpi_code,
        figure.service_code,
        figure.period,
        figure.status,
        max(figure.period) FILTER (WHERE figure.status <> 'not_met')
            OVER (PARTITION BY figure.kpi_code, figure.service_code) AS last_not_missed
    FROM mart.kpi_service AS figure
    JOIN core.dim_period AS month
        ON month.period = figure.period AND month.period_kind = 'month' AND month.year_period = $period
    WHERE figure.service_kind = 'essential_service' AND figure.status IN ('met', 'not_met')
),
missed AS (
    SELECT kpi_code, service_code, min(period) AS missed_since, count(*) AS months_missed
    FROM monthly
    WHERE status = 'not_met' AND period > coalesce(last_not_missed, '')
    GROUP BY kpi_code, service_code
),
figure AS (
    SELECT
        *,
        CASE WHEN measure IN ('share', 'target_ratio', 'mean', 'points') AND direction IN ('up', 'down')
            THEN CASE direction WHEN 'down' THEN -value ELSE value END
        END AS worth
    FROM mart.kpi_service
    WHERE period = $period AND service_kind = 'essential_service'
)
SELECT
    figure.* EXCLUDE (worth),
    missed.missed_since,
    missed.months_missed,
    CASE WHEN figure.worth IS NOT NULL
        THEN rank() OVER (PARTITION BY figure.kpi_code ORDER BY figure.worth DESC NULLS LAST)
    END AS place,
    count(figure.worth) OVER (PARTITION BY figure.kpi_code) AS places
FROM figure
LEFT JOIN missed ON missed.kpi_code = figure.kpi_code AND missed.service_code = figure.service_code
ORDER BY figure.service_no, figure.kpi_set DESC, figure.kpi_code
