-- The files that each supplier owes, by extract and state.
SELECT supplier_code, extract, state, count(*) AS periods, min(period) AS first_period, max(period) AS last_period
FROM quality.coverage
GROUP BY supplier_code, extract, state
ORDER BY supplier_code, extract, state
