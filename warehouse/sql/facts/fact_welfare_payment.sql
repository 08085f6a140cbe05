-- name core.fact_welfare_payment
-- grain một người hưởng × một tháng | beneficiary × month
-- purpose Chi trả trợ giúp xã hội: số tiền, hình thức, có chi trả cho người đã chết không | Social assistance paid: amount, method, and whether it was paid after death
-- clearance analyst
-- key beneficiary_token, period
-- extract welfare_payment
-- column beneficiary_token | Mã thay thế mã đối tượng (HMAC) | Token that stands for the beneficiary's number
-- column citizen_token | Mã thay thế số định danh (HMAC); trống khi không có số 12 chữ số | Token that stands for the identity number; empty without one of 12 digits
-- column period | Tháng | Month
-- column month_first_on | Ngày đầu tháng | First day of the month
-- column unit_key | Xã (phiên bản có hiệu lực cuối tháng) | Commune, the version valid at the month's end
-- column unit_code | Mã xã | Commune code
-- column benefit_kind | Đối tượng: elderly, disabled, child_without_support, single_parent, carer | Benefit: elderly, disabled, child_without_support, single_parent, carer
-- column born_on_precision | Độ chính xác của ngày sinh: day, month, year; trống khi không đọc được | How precise the day of birth is: day, month, year; empty if it cannot be read
-- column amount_vnd | Số tiền (đồng) | Amount in VND
-- column is_non_cash | Chi trả không dùng tiền mặt (vào tài khoản) | Whether it was paid without cash, into an account
-- column is_after_death | Người hưởng được biết là đã chết từ trước tháng chi trả | Whether the beneficiary is known to have died before the month paid for
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
SELECT
    record.beneficiary_token,
    record.citizen_token,
    record.period,
    record.period_first_on AS month_first_on,
    unit.unit_key,
    record.unit_code,
    record.benefit_kind,
    record.born_on_precision,
    record.amount_vnd::BIGINT AS amount_vnd,
    record.payment_method <> 'cash' AS is_non_cash,
    record.is_after_death,
    record.delivery_id AS source_delivery_id,
    record.source_sheet,
    record.source_row
FROM stage.welfare_payment_record AS record
JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = record.unit_code
    AND unit.valid_from <= record.period_last_on
    AND coalesce(unit.valid_to, DATE '9999-12-31') > record.period_last_on
WHERE record.is_counting
QUALIFY row_number() OVER (
    PARTITION BY record.beneficiary_token, record.period
    ORDER BY record.delivery_no DESC, record.source_sheet DESC, record.source_row DESC
) = 1
