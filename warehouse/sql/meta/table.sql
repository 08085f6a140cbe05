-- name meta.table
-- grain một bảng | one table
-- purpose Từ điển bảng: mục đích, hạt, số dòng, băm nội dung, câu SQL đã dựng | Dictionary of tables: purpose, grain, rows, content hash, the SQL that made them
-- clearance open
-- key table_name
-- column table_name | Tên bảng | Table
-- column kind | Nhóm | Kind
-- column grain | Mỗi dòng là gì | What one row is
-- column purpose | Mục đích | Purpose
-- column clearance | Ai được xem: open, analyst, restricted | Who may see it
-- column key | Khoá | Key
-- column upstream | Đọc từ các bảng | Tables it reads
-- column rows | Số dòng (trống với chính các bảng meta) | Rows; empty for the meta tables themselves
-- column content_hash | Băm nội dung (trống với chính các bảng meta) | Content hash; empty for the meta tables themselves
-- column sql | Câu SQL | SQL
SELECT
    model.table_name,
    model.kind,
    model.grain,
    model.purpose,
    model.clearance,
    model.key,
    model.upstream,
    content.rows,
    content.content_hash,
    model.sql
FROM build.model AS model
LEFT JOIN build.content AS content ON content.table_name = model.table_name
