-- name core.unit_on_map
-- parameters unit_code, on_date, map_date
-- grain một câu hỏi, một dòng | one question, one row
-- purpose Đơn vị có mã đó vào ngày đó nằm ở đâu trên bản đồ của một ngày khác; không suy ra được thì nói là không | Where the unit that had the code on a day lies on the map of another day; where that cannot be derived, it says so
SELECT
    asked.unit_code,
    asked.on_date,
    asked.map_date,
    bridge.map_unit_key,
    bridge.map_unit_code,
    bridge.map_unit_name,
    CASE
        WHEN unit.unit_key IS NULL THEN 'unknown unit'
        WHEN bridge.map_unit_key IS NULL THEN 'not derivable'
        WHEN bridge.map_unit_key = unit.unit_key THEN 'same unit'
        ELSE 'derived'
    END AS derivation
FROM (SELECT unit_code AS unit_code, on_date::DATE AS on_date, map_date::DATE AS map_date) AS asked
LEFT JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = asked.unit_code
    AND unit.valid_from <= asked.on_date
    AND coalesce(unit.valid_to, DATE '9999-12-31') > asked.on_date
LEFT JOIN core.bridge_unit_map AS bridge
    ON bridge.unit_key = unit.unit_key
    AND bridge.map_from <= asked.map_date
    AND coalesce(bridge.map_to, DATE '9999-12-31') > asked.map_date
