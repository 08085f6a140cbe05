-- name audits.overlapping_versions
-- grain một phiên bản chồng lên phiên bản sau, hoặc rỗng | one version that overlaps the next, or is empty
-- purpose Một mã có nhiều nhất một phiên bản trong một ngày; phiên bản nào cũng dài ít nhất một ngày | A code has at most one version on a day; every version lasts at least a day
WITH version AS (
    SELECT 'core.dim_service' AS dimension, procedure_code AS code, valid_from, valid_to FROM core.dim_service
    UNION ALL
    SELECT 'core.dim_agency', agency_code, valid_from, valid_to FROM core.dim_agency
    UNION ALL
    SELECT 'core.dim_administrative_unit', unit_code, valid_from, valid_to FROM core.dim_administrative_unit
),
followed AS (
    SELECT *, lead(valid_from) OVER (PARTITION BY dimension, code ORDER BY valid_from) AS next_from
    FROM version
)
SELECT * FROM followed
WHERE next_from < coalesce(valid_to, DATE '9999-12-31')
    OR valid_to <= valid_from
