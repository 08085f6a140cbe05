-- Every value of an indicator ever published for a unit, the newest first; one that stood through many releases is one row.
SELECT
    vintage.period,
    vintage.value,
    vintage.numerator,
    vintage.denominator,
    vintage.status,
    vintage.published_at,
    vintage.release_id,
    vintage.replaced_by_release_id
FROM meta.kpi_vintage AS vintage
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = vintage.unit_key
WHERE vintage.kpi_code = $kpi_code AND unit.unit_code = $unit_code
ORDER BY vintage.publication_no DESC, vintage.period DESC
