-- grain tháng tiếp nhận | month of receipt
-- purpose Hồ sơ theo tháng tiếp nhận, đã giải quyết và đúng hạn | Dossiers by the month they were received in, resolved and on time
SELECT
    strftime(received_on, '%Y-%m') AS received_month,
    count(*) AS dossiers,
    count(*) FILTER (WHERE is_resolved) AS resolved,
    count(*) FILTER (WHERE is_on_time) AS on_time
FROM core.fact_dossier
GROUP BY ALL
ORDER BY ALL
