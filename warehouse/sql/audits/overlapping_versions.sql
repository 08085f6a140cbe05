-- name audits.overlapping_versions
-- grain một cặp phiên bản chồng nhau | one pair of versions that overlap
-- purpose Một mã có nhiều nhất một phiên bản trong một ngày | A code has at most one version on a day
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
SELECT * FROM followed WHERE next_from < coalesce(valid_to, DATE '9999-12-31')
