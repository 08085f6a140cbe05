-- name core.fact_insurance_participant
-- grain một mã số bảo hiểm × một tháng | insurance number × month
-- purpose Người tham gia bảo hiểm theo tháng và xã | Insurance participants by month and commune
-- clearance analyst
-- key insurance_token, period
-- extract insurance_participant
-- column insurance_token | Mã thay thế mã số bảo hiểm xã hội (HMAC) | Token that stands for the insurance number
-- column citizen_token | Mã thay thế số định danh (HMAC); trống khi không có số 12 chữ số | Token that stands for the identity number; empty without one of 12 digits
-- column period | Tháng | Month
-- column month_first_on | Ngày đầu tháng | First day of the month
-- column unit_key | Xã (phiên bản có hiệu lực cuối tháng) | Commune, the version valid at the month's end
-- column unit_code | Mã xã | Commune code
-- column participation_code | Loại tham gia: compulsory, voluntary, health_only | Participation: compulsory, voluntary, health_only
-- column joined_on | Tham gia từ | Joined on
-- column contribution_vnd | Số tiền đóng trong tháng (đồng) | Contribution of the month in VND
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
SELECT
    insurance_token,
    citizen_token,
    period,
    period_first_on AS month_first_on,
    unit_key,
    unit_code,
    participation_code,
    joined_on,
    contribution_vnd,
    delivery_id AS source_delivery_id,
    source_sheet,
    source_row
FROM stage.insurance_participant_record
WHERE is_counting AND unit_key IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY insurance_token, period ORDER BY delivery_no DESC, source_sheet DESC, source_row DESC
) = 1
