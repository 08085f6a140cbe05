-- grain một dòng: số dòng thêm, mất, đổi | one row: how many were added, removed, changed
-- purpose Dòng của một bảng trong `older_row` và `newer_row`, ghép theo khoá | Rows of one table in `older_row` and `newer_row`, matched by key
SELECT
    count(*) FILTER (WHERE before.row_key IS NULL) AS added,
    count(*) FILTER (WHERE after.row_key IS NULL) AS removed,
    count(*) FILTER (WHERE before.row_digest <> after.row_digest) AS changed
FROM older_row AS before
FULL JOIN newer_row AS after ON after.row_key = before.row_key
