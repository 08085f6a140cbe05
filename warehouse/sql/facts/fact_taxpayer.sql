-- name core.fact_taxpayer
-- grain một mã số thuế × một tháng | tax code × month
-- purpose Người nộp thuế và trạng thái mã số thuế theo tháng | Taxpayers and the status of their tax codes by month
-- clearance analyst
-- key tax_token, period
-- extract taxpayer
-- column tax_token | Mã thay thế mã số thuế (HMAC) | Token that stands for the tax code
-- column period | Tháng | Month
-- column month_first_on | Ngày đầu tháng | First day of the month
-- column unit_key | Xã (phiên bản có hiệu lực cuối tháng) | Commune, the version valid at the month's end
-- column unit_code | Mã xã | Commune code
-- column taxpayer_kind | Loại: enterprise, household, person | Kind: enterprise, household, person
-- column status_code | Trạng thái mã số thuế 00–10, danh mục của ngành thuế | Status 00 to 10 of the tax register
-- column is_active | Đang hoạt động (trạng thái 00) | Whether it is active: status 00
-- column registered_on | Ngày đăng ký | Registered on
-- column closed_on | Ngày chấm dứt hiệu lực | Closed on
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
SELECT
    tax_token,
    period,
    period_first_on AS month_first_on,
    unit_key,
    unit_code,
    taxpayer_kind,
    status_code,
    status_code = '00' AS is_active,
    registered_on,
    closed_on,
    delivery_id AS source_delivery_id,
    source_sheet,
    source_row
FROM stage.taxpayer_record
WHERE is_counting AND unit_key IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY tax_token, period ORDER BY delivery_no DESC, source_sheet DESC, source_row DESC
) = 1
