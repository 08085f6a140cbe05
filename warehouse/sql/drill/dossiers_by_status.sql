-- Dossiers by their state and channel.
SELECT status_code, channel_code, count(*) AS dossiers FROM core.fact_dossier GROUP BY ALL ORDER BY ALL
