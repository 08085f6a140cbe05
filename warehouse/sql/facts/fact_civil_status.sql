-- name core.fact_civil_status
-- grain một sự kiện hộ tịch | one civil status event
-- purpose Khai sinh, khai tử, kết hôn theo xã | Births, deaths and marriages by commune
-- clearance analyst
-- key registration_no
-- extract civil_status
-- column registration_no | Số đăng ký | Registration number
-- column event_kind | Loại: birth, death, marriage | Event: birth, death, marriage
-- column period | Tháng | Month
-- column unit_key | Xã (phiên bản có hiệu lực cuối tháng) | Commune, the version valid at the month's end
-- column unit_code | Mã xã | Commune code
-- column citizen_token | Mã thay thế số định danh (HMAC) | Token that stands for the identity number
-- column sex | Giới tính: male, female | Sex: male, female
-- column event_on | Ngày xảy ra; ngày đầu của tháng hoặc năm khi chỉ biết tháng, năm | Day of the event; the first of the month or year if no more is known
-- column event_on_precision | Độ chính xác: day, month, year | How precise it is: day, month, year
-- column registered_on | Ngày đăng ký | Registered on
-- column days_to_register | Số ngày từ khi xảy ra đến khi đăng ký; trống khi không biết ngày | Days from the event to its registration; empty unless the day is known
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
SELECT
    record.registration_no,
    record.event_kind,
    record.period,
    unit.unit_key,
    record.unit_code,
    record.citizen_token,
    record.sex,
    record.event_on,
    record.event_on_precision,
    record.registered_on,
    CASE WHEN record.event_on_precision = 'day' THEN date_diff('day', record.event_on, record.registered_on) END
        AS days_to_register,
    record.delivery_id AS source_delivery_id,
    record.source_sheet,
    record.source_row
FROM ledger.civil_status AS record
JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = record.unit_code
    AND unit.valid_from <= record.period_last_on
    AND coalesce(unit.valid_to, DATE '9999-12-31') > record.period_last_on
QUALIFY row_number() OVER (
    PARTITION BY record.registration_no
    ORDER BY record.delivery_no DESC, record.source_sheet DESC, record.source_row DESC
) = 1
