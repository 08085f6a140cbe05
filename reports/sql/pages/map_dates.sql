-- The days from which the map of communes was another, the newest first.
SELECT unit.valid_from AS map_date, count(DISTINCT standing.unit_key) AS communes
FROM core.dim_administrative_unit AS unit
JOIN core.dim_administrative_unit AS standing
    ON standing.level = 'commune'
    AND standing.valid_from <= unit.valid_from
    AND coalesce(standing.valid_to, DATE '9999-12-31') > unit.valid_from
WHERE unit.level = 'commune'
GROUP BY unit.valid_from
ORDER BY unit.valid_from DESC
