-- name stage.unit_heir
-- grain một phiên bản đơn vị đã kết thúc × một phiên bản nhận nó, trực tiếp hoặc qua nhiều lần | one version of a unit that ended × one version that took it over, at once or after others
-- purpose Báo cáo của đơn vị nào thay cho báo cáo của đơn vị đã kết thúc, chừng nào tỉnh của đơn vị cũ còn | Whose reports stand for those of a unit that ended, as long as the ended unit's own province lasts
WITH RECURSIVE unit AS (
    SELECT unit_key, unit_code, level, province_code, province_key, valid_from, valid_to
    FROM core.dim_administrative_unit
),
act AS (
    SELECT act.old_unit_key, act.new_unit_key, act.old_code, act.new_code, act.effective_on
    FROM core.bridge_unit_succession AS act
),
known AS (
    SELECT former.unit_key, act.new_unit_key AS heir_key
    FROM act
    JOIN unit AS former ON former.unit_key = act.old_unit_key AND former.valid_to = act.effective_on
    WHERE act.new_unit_key IS NOT NULL
    UNION
    SELECT former.unit_key, later.unit_key
    FROM unit AS former
    JOIN unit AS later ON later.unit_code = former.unit_code AND later.valid_from = former.valid_to
    WHERE NOT EXISTS (
        SELECT 1
        FROM act
        WHERE act.effective_on = later.valid_from AND former.unit_code IN (act.old_code, act.new_code)
    )
),
step AS (
    SELECT unit_key, heir_key FROM known
    UNION ALL
    -- Where nothing says what became of a unit, it went into what began beside it on the day it ended.
    SELECT former.unit_key, later.unit_key
    FROM unit AS former
    JOIN unit AS later
        ON later.valid_from = former.valid_to
        AND later.level = former.level
        AND later.province_code = former.province_code
    WHERE former.unit_key NOT IN (SELECT unit_key FROM known)
),
heir AS (
    SELECT unit_key, heir_key FROM step
    UNION
    SELECT heir.unit_key, step.heir_key
    FROM heir
    JOIN step ON step.unit_key = heir.heir_key
)
SELECT
    heir.unit_key,
    former.valid_to AS ended_on,
    heir.heir_key
FROM heir
JOIN unit AS former ON former.unit_key = heir.unit_key
JOIN unit AS later ON later.unit_key = heir.heir_key
LEFT JOIN unit AS province ON province.unit_key = former.province_key
-- A province that ended keeps what its units last reported.
WHERE later.valid_from < coalesce(province.valid_to, DATE '9999-12-31')
