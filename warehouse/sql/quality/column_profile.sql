-- name quality.column_profile
-- grain một nội dung gửi × một cột | delivery × column
-- purpose Mỗi cột của mỗi tệp trông thế nào: bao nhiêu dòng có giá trị, bao nhiêu giá trị khác nhau, nhỏ nhất, giữa, lớn nhất | What each column of each file looks like: rows filled, distinct values, least, median, most
-- clearance open
-- key delivery_id, column_name
-- column delivery_id | Mã nội dung gửi | Delivery
-- column extract | Biểu | Extract
-- column column_name | Cột | Column
-- column rows | Số dòng đọc được | Rows read
-- column filled | Số dòng có giá trị đọc được | Rows with a readable value
-- column filled_share | Tỷ lệ dòng có giá trị (0 đến 1) | Share of rows filled, 0 to 1
-- column distinct_values | Số giá trị khác nhau trong khoảng 500 dòng rải đều (trống với cột cá nhân) | Distinct values in about 500 rows spread evenly; empty for columns about persons
-- column least_value | Giá trị nhỏ nhất của cột số (trống khi quá tám chữ số) | Least value of a column of numbers; empty when it has more than eight digits
-- column median_value | Trung vị của khoảng 500 dòng rải đều | Median of about 500 rows spread evenly
-- column most_value | Giá trị lớn nhất của cột số (trống khi quá tám chữ số) | Greatest value of a column of numbers; empty when it has more than eight digits
SELECT
    profile.delivery_id,
    receipt.extract,
    profile.column_name,
    receipt.rows_accepted + receipt.rows_quarantined AS rows,
    profile.filled,
    profile.filled / nullif(receipt.rows_accepted + receipt.rows_quarantined, 0) AS filled_share,
    profile."distinct" AS distinct_values,
    profile.least AS least_value,
    profile.median AS median_value,
    profile.most AS most_value
FROM ledger.column_profile AS profile
JOIN ledger.receipt AS receipt USING (delivery_id)
