-- grain trạng thái × kênh | status × channel
-- purpose Hồ sơ theo trạng thái và kênh | Dossiers by state and channel
SELECT status_code, channel_code, count(*) AS dossiers FROM core.fact_dossier GROUP BY ALL ORDER BY ALL
