-- name quality.change
-- grain một lần gửi × một cột × một loại thay đổi | delivery × column × kind of change
-- purpose Số giá trị được viết lại khi đọc | Values rewritten while reading, counted
-- clearance open
-- key delivery_id, column_name, kind
-- slices delivery
-- column delivery_id | Mã nội dung gửi | Delivery
-- column column_name | Cột | Column
-- column kind | Loại thay đổi | Kind of change
-- column rows | Số dòng | Rows
SELECT delivery_id, column_name, kind, count(*) AS rows
FROM quality.change_row
GROUP BY delivery_id, column_name, kind
