-- name core.bridge_unit_map
-- grain một phiên bản đơn vị × một phiên bản mà số liệu của nó chuyển sang trọn vẹn | one version of a unit and one version that all its figures can be shown under
-- purpose Số liệu của đơn vị nào xem được trên bản đồ của ngày nào; không có dòng nghĩa là không suy ra được | Which unit's figures can be shown on the map of which days; no row means that it cannot be derived
-- clearance open
-- key unit_key, map_unit_key
-- column unit_key | Phiên bản mà số liệu thuộc về | Version that the figures belong to
-- column unit_code | Mã của phiên bản đó | Its code
-- column valid_from | Ngày bắt đầu hiệu lực | First day of its validity
-- column valid_to | Ngày hết hiệu lực (không gồm ngày này) | First day it is no longer valid; empty while valid
-- column map_unit_key | Phiên bản trên bản đồ | Version on the map
-- column map_unit_code | Mã trên bản đồ | Its code
-- column map_unit_name | Tên đầy đủ trên bản đồ | Its full name
-- column map_from | Bản đồ từ ngày | First day of that map
-- column map_to | Bản đồ đến trước ngày này | First day after that map; empty while valid
WITH RECURSIVE unit AS (
    SELECT unit_key, unit_code, valid_from, valid_to, name, full_name FROM core.dim_administrative_unit
),
step AS (
    SELECT old_unit_key, new_unit_key, share FROM core.bridge_unit_succession
    WHERE old_unit_key IS NOT NULL AND new_unit_key IS NOT NULL
    UNION ALL
    -- The same unit, of which something else than its name or its land has changed. A new name is a new unit unless an
    -- act says what became of the old one.
    SELECT earlier.unit_key, later.unit_key, 1
    FROM unit AS earlier
    JOIN unit AS later
        ON later.unit_code = earlier.unit_code
        AND later.valid_from = earlier.valid_to
        AND later.name = earlier.name
    WHERE NOT EXISTS (
        SELECT 1
        FROM stage.succession AS act
        WHERE act.subject = 'unit'
            AND act.effective_on = later.valid_from
            AND earlier.unit_code IN (act.old_code, act.new_code)
    )
),
-- Whole: figures go on to what the unit became. Alone: what came before it was one unit, so figures go back as well.
forward AS (
    SELECT old_unit_key, new_unit_key FROM step WHERE share = 1
),
backward AS (
    SELECT old_unit_key, new_unit_key
    FROM step
    QUALIFY count(*) OVER (PARTITION BY new_unit_key) = 1 AND min(share) OVER (PARTITION BY new_unit_key) = 1
),
later_map AS (
    SELECT unit_key, unit_key AS map_unit_key FROM unit
    UNION
    SELECT later_map.unit_key, forward.new_unit_key
    FROM later_map
    JOIN forward ON forward.old_unit_key = later_map.map_unit_key
),
earlier_map AS (
    SELECT new_unit_key AS unit_key, old_unit_key AS map_unit_key FROM backward
    UNION
    SELECT earlier_map.unit_key, backward.old_unit_key
    FROM earlier_map
    JOIN backward ON backward.new_unit_key = earlier_map.map_unit_key
),
pair AS (
    SELECT unit_key, map_unit_key FROM later_map
    UNION
    SELECT unit_key, map_unit_key FROM earlier_map
)
SELECT
    unit.unit_key,
    unit.unit_code,
    unit.valid_from,
    unit.valid_to,
    map_unit.unit_key AS map_unit_key,
    map_unit.unit_code AS map_unit_code,
    map_unit.full_name AS map_unit_name,
    map_unit.valid_from AS map_from,
    map_unit.valid_to AS map_to
FROM pair
JOIN unit ON unit.unit_key = pair.unit_key
JOIN unit AS map_unit ON map_unit.unit_key = pair.map_unit_key
