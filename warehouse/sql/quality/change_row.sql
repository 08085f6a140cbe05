-- name quality.change_row
-- grain một giá trị được viết lại khi đọc | one value rewritten while reading
-- purpose Những gì đã sửa tự động: bỏ đuôi mã, đổi thứ tự mã, đọc ngày 14 chữ số | What was corrected by itself: suffixes dropped, codes turned round, 14-digit dates read
-- clearance analyst
-- slices delivery
-- column delivery_id | Mã nội dung gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng hoặc bản ghi trong tệp | Row or record in the file
-- column column_name | Cột | Column
-- column kind | Loại thay đổi: bảng mã cũ (tcvn3, vni…), whitespace, invisible, nfc, look_alike, full_width, text_mark; hoặc cách đọc giá trị (unit_name, excel_serial, old_order…) | Kind of change: an old encoding (tcvn3, vni…), whitespace, invisible, nfc, look_alike, full_width, text_mark; or how the value was read (unit_name, excel_serial, old_order…)
SELECT delivery_id, source_sheet, source_row, column_name, kind
FROM ledger.change
