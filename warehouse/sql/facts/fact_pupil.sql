-- name core.fact_pupil
-- grain một học sinh × một học kỳ | pupil × school term
-- purpose Học sinh theo xã, trường, khối lớp; có số định danh để đối soát không | Pupils by commune, school and grade; whether they have a number to be checked by
-- clearance analyst
-- key pupil_token, period
-- extract pupil
-- column pupil_token | Mã thay thế mã học sinh (HMAC) | Token that stands for the pupil's number
-- column citizen_token | Mã thay thế số định danh (HMAC); trống khi không có số 12 chữ số | Token that stands for the identity number; empty without one of 12 digits
-- column period | Học kỳ: 2023-T1 là học kỳ 1 năm học 2023–2024 | Term: 2023-T1 is the first of the school year 2023–2024
-- column term_first_on | Ngày đầu kỳ | First day of the term
-- column term_last_on | Ngày cuối kỳ | Last day of the term
-- column unit_key | Xã của trường (phiên bản có hiệu lực cuối kỳ) | Commune of the school, the version valid at the term's end
-- column unit_code | Mã xã | Commune code
-- column school_code | Mã trường | School code
-- column grade | Khối lớp, 1–12 | Grade, 1 to 12
-- column school_level | Cấp học: primary (1–5), lower_secondary (6–9), upper_secondary (10–12) | Level: primary (1 to 5), lower_secondary (6 to 9), upper_secondary (10 to 12)
-- column sex | Giới tính: male, female | Sex: male, female
-- column born_on_precision | Độ chính xác của ngày sinh: day, month, year; trống khi không đọc được | How precise the day of birth is: day, month, year; empty if it cannot be read
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
SELECT
    record.pupil_token,
    record.citizen_token,
    record.period,
    record.period_first_on AS term_first_on,
    record.period_last_on AS term_last_on,
    unit.unit_key,
    record.unit_code,
    record.school_code,
    record.grade,
    CASE WHEN record.grade <= 5 THEN 'primary' WHEN record.grade <= 9 THEN 'lower_secondary' ELSE 'upper_secondary' END
        AS school_level,
    record.sex,
    record.born_on_precision,
    record.delivery_id AS source_delivery_id,
    record.source_sheet,
    record.source_row
FROM ledger.pupil AS record
JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = record.unit_code
    AND unit.valid_from <= record.period_last_on
    AND coalesce(unit.valid_to, DATE '9999-12-31') > record.period_last_on
QUALIFY row_number() OVER (
    PARTITION BY record.pupil_token, record.period
    ORDER BY record.delivery_no DESC, record.source_sheet DESC, record.source_row DESC
) = 1
