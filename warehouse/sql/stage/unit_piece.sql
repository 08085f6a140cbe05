-- name stage.unit_piece
-- grain một phiên bản của đơn vị trong một phiên bản của các cấp trên | one version of a unit within one version of the units above it
-- purpose Cắt phiên bản ở ngày cấp trên đổi, để phiên bản cấp trên luôn trùm phiên bản cấp dưới | Cuts versions where a unit above changes, so that versions above always cover those below
WITH unit AS (
    SELECT unit_code, valid_from, valid_to, level, parent_code, province_code FROM core.unit_version
),
province_edge AS (
    SELECT unit_code, unnest([valid_from, valid_to]) AS on_date FROM unit WHERE level = 'province'
),
district_start AS (
    SELECT unit_code, valid_from, valid_to, valid_from AS starts_on FROM unit WHERE level = 'district'
    UNION
    SELECT unit.unit_code, unit.valid_from, unit.valid_to, edge.on_date
    FROM unit
    JOIN province_edge AS edge ON edge.unit_code = unit.province_code
    WHERE unit.level = 'district'
        AND edge.on_date > unit.valid_from
        AND edge.on_date < coalesce(unit.valid_to, DATE '9999-12-31')
),
edge AS (
    SELECT unit_code, on_date FROM province_edge
    UNION ALL
    SELECT unit_code, starts_on FROM district_start
    UNION ALL
    SELECT unit_code, valid_to FROM district_start
),
started AS (
    SELECT unit_code, valid_from, valid_to, valid_from AS starts_on FROM unit WHERE level <> 'district'
    UNION
    SELECT commune.unit_code, commune.valid_from, commune.valid_to, edge.on_date
    FROM (
        SELECT unit_code, valid_from, valid_to, unnest([parent_code, province_code]) AS above_code
        FROM unit
        WHERE level = 'commune'
    ) AS commune
    JOIN edge
        ON edge.unit_code = commune.above_code
        AND edge.on_date > commune.valid_from
        AND edge.on_date < coalesce(commune.valid_to, DATE '9999-12-31')
    UNION ALL
    SELECT unit_code, valid_from, valid_to, starts_on FROM district_start
)
SELECT
    unit_code,
    valid_from AS version_from,
    starts_on AS valid_from,
    coalesce(lead(starts_on) OVER (PARTITION BY unit_code, valid_from ORDER BY starts_on), valid_to) AS valid_to
FROM started
