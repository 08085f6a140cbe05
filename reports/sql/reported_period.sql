-- The year a scorecard shows: the one with most targets decided, the newest of equals.
SELECT period
FROM mart.kpi_scorecard
WHERE kpi_set = 'target_16' AND unit_code = $unit_code AND regexp_full_match(period, '\d{4}')
GROUP BY period
ORDER BY count(*) FILTER (WHERE status IN ('met', 'not_met')) DESC, period DESC
LIMIT 1
