-- name audits.parents_cover_children
-- grain một phiên bản không nằm trong phiên bản cấp trên của nó | one version that does not lie within the version above it
-- purpose Cấp trên còn hiệu lực suốt thời gian cấp dưới còn | A unit above is in force for as long as the one below
SELECT unit.unit_key, unit.above_key
FROM (
    SELECT unit_key, valid_from, valid_to, unnest([district_key, province_key]) AS above_key
    FROM core.dim_administrative_unit
) AS unit
JOIN core.dim_administrative_unit AS above ON above.unit_key = unit.above_key
WHERE unit.valid_from < above.valid_from
    OR coalesce(unit.valid_to, DATE '9999-12-31') > coalesce(above.valid_to, DATE '9999-12-31')
