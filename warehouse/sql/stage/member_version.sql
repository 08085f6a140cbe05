-- name stage.member_version
-- grain một phiên bản của một mã trong một danh mục | one version of a code of a list
-- purpose Gộp những ngày liền nhau mà một mã giữ nguyên nội dung thành khoảng hiệu lực nửa mở | Folds days in a row on which a code stays the same into half-open validity
WITH day AS (
    SELECT list, list_no, in_force_on, lead(in_force_on) OVER (PARTITION BY list ORDER BY list_no) AS next_on
    FROM (SELECT DISTINCT list, list_no, in_force_on FROM stage.list_delivery)
),
turned AS (
    SELECT
        *,
        (
            starts_member
            OR list_no IS DISTINCT FROM lag(list_no) OVER before + 1
            OR facts IS DISTINCT FROM lag(facts) OVER before
        )::INTEGER AS is_turn
    FROM stage.list_walk
    WHERE code IS NOT NULL
    WINDOW before AS (PARTITION BY list, code ORDER BY list_no)
),
numbered AS (
    SELECT *, sum(is_turn) OVER (PARTITION BY list, code ORDER BY list_no) AS version_no FROM turned
)
SELECT
    numbered.list,
    numbered.code,
    min(day.in_force_on) AS valid_from,
    CASE WHEN bool_or(day.next_on IS NULL) THEN NULL ELSE max(day.next_on) END AS valid_to,
    arg_min(
        {
            'delivery_no': numbered.delivery_no,
            'source_sheet': numbered.source_sheet,
            'source_row': numbered.source_row
        },
        numbered.list_no
    ) AS brought_by
FROM numbered
JOIN day ON day.list = numbered.list AND day.list_no = numbered.list_no
GROUP BY numbered.list, numbered.code, numbered.version_no
