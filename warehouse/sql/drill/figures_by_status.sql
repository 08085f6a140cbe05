-- grain chỉ tiêu × trạng thái | indicator × status
-- purpose Số liệu của mọi đơn vị theo chỉ tiêu và trạng thái | Figures of all units by indicator and status
SELECT kpi_code, status, count(*) AS figures FROM mart.kpi_scorecard GROUP BY ALL ORDER BY ALL
