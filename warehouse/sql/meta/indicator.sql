-- name meta.indicator
-- grain một chỉ tiêu | one indicator
-- purpose Khai báo chỉ tiêu: tên, công thức, cấp, kỳ, nguồn, cơ quan chủ trì, căn cứ | What each indicator is: titles, formula, grains, periods, source, agency in charge, legal ground
-- clearance open
-- key kpi_code
-- column kpi_set | Bộ chỉ tiêu | Set
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column kpi_name | Tên ngắn | Short name
-- column title_vi | Tên chỉ tiêu | Title in Vietnamese
-- column title_en | Tên tiếng Anh | Title in English
-- column formula_vi | Công thức bằng lời | Formula in words, Vietnamese
-- column formula_en | Công thức bằng lời, tiếng Anh | Formula in words, English
-- column measure | share, count, vnd, target_ratio, mean, points | share, count, vnd, target_ratio, mean, points
-- column accrual | sum (cộng qua các tháng) hoặc newest (báo cáo mới nhất trong kỳ) | sum (adds up over the period) or newest (the newest report of the period)
-- column direction | Chiều tốt: up, down, none | Better when: up, down, none
-- column grains | Có ở những cấp nào, cách nhau bằng dấu chấm phẩy | Grains it exists at, separated by semicolons
-- column period_kinds | Có ở những loại kỳ nào | Kinds of period it exists for
-- column source_extract | Nguồn số liệu (biểu) | Extract it comes from
-- column source_table | Bảng chi tiết | Fact or dimension it is counted from
-- column owner_short_code | Cơ quan chủ trì | Agency in charge
-- column basis | Căn cứ: reported hoặc assumed | Ground: reported or assumed
-- column legal_ground | Văn bản cho chỉ tiêu ý nghĩa | Text that gives it its meaning
-- column source | Nguồn | Source
SELECT
    kpi_set, kpi_code, kpi_name, title_vi, title_en, formula_vi, formula_en, measure, accrual, direction, grains,
    period_kinds, source_extract, source_table, owner_short_code, basis, legal_ground, source
FROM reference.indicator
