-- name meta.column
-- grain một cột của một bảng | one column of a table
-- purpose Từ điển cột | Dictionary of columns
-- clearance open
-- key table_name, column_name
-- column table_name | Tên bảng | Table
-- column column_name | Tên cột | Column
-- column position | Thứ tự | Position
-- column data_type | Kiểu dữ liệu (trống với chính các bảng meta) | Data type; empty for the meta tables themselves
-- column title_vi | Ý nghĩa | Meaning in Vietnamese
-- column title_en | Ý nghĩa, tiếng Anh | Meaning in English
-- column clearance | Ai được xem | Who may see it
SELECT
    noted.table_name,
    noted.column_name,
    noted.position,
    typed.data_type,
    noted.title_vi,
    noted.title_en,
    noted.clearance
FROM build.model_column AS noted
LEFT JOIN build.column_type AS typed
    ON typed.table_name = noted.table_name AND typed.column_name = noted.column_name
