-- How many periods of each extract stand in which state; an accepted one is as it should be.
SELECT extract, supplier_code, state, count(*) AS periods, string_agg(period, ', ' ORDER BY period) AS period_list
FROM quality.coverage
WHERE state IN ('due', 'late', 'missing', 'refused', 'unjudged', 'parked')
GROUP BY extract, supplier_code, state
ORDER BY extract, supplier_code, state
