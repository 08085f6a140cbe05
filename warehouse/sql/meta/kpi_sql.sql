-- name meta.kpi_sql
-- grain một chỉ tiêu | one indicator
-- purpose Câu SQL ngắn đếm lại từng chỉ tiêu từ bảng gốc; đặt $unit_key, $first_on, $last_on rồi chạy | A short query that counts each indicator again from the core tables; set $unit_key, $first_on, $last_on and run it
-- clearance open
-- key kpi_code
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column formula_vi | Công thức | Formula in Vietnamese
-- column formula_en | Công thức, tiếng Anh | Formula in English
-- column sql | Câu SQL | SQL
SELECT indicator.kpi_code, indicator.formula_vi, indicator.formula_en, explained.sql
FROM reference.indicator AS indicator
LEFT JOIN build.kpi_sql AS explained ON explained.kpi_code = indicator.kpi_code
