-- name stage.release_finding
-- grain một lỗi do luật cấp kho | one finding of a release rule
-- purpose Lỗi mà chỉ toàn bộ kho mới thấy, của mọi biểu | What only the whole warehouse can find, of every extract
-- each stage.*_finding
SELECT extract, delivery_id, source_sheet, source_row, column_name, rule_code, found
FROM each.model AS finding
