-- Figures of all units by indicator and status.
SELECT kpi_code, status, count(*) AS figures FROM mart.kpi_scorecard GROUP BY ALL ORDER BY ALL
