-- name core.fact_population_check
-- grain một người trong một đợt đối soát | one person in one batch
-- purpose Kết quả đối soát dữ liệu chuyên ngành với Cơ sở dữ liệu quốc gia về dân cư | Registers checked against the national population database
-- clearance analyst
-- key batch_no, line_no
-- extract population_check_result
-- column batch_no | Đợt đối soát | Batch
-- column line_no | Số thứ tự trong đợt | Number within the batch
-- column register_code | Nguồn: insurance, welfare, education, tax, civil_status | Register checked
-- column unit_key | Xã (phiên bản có hiệu lực vào ngày trả kết quả) | Commune, the version valid on the day of return
-- column unit_code | Mã xã | Commune code
-- column citizen_token | Mã thay thế số định danh (HMAC); trống khi không có số 12 chữ số | Token that stands for the identity number; empty without one of 12 digits
-- column result_code | Kết quả (danh mục giả định) | Result; the list of results is assumed
-- column is_matched | Trùng khớp hoặc đã làm sạch | Whether it matches, at once or after correction
-- column sent_on | Ngày gửi | Sent on
-- column returned_on | Ngày trả | Returned on
-- column days_to_return | Số ngày từ gửi đến trả | Days from sending to return
-- column corrected_on | Ngày làm sạch | Corrected on
-- column evidence | Căn cứ, như đơn vị ghi | Evidence as written by the supplier | restricted
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Line in the file
SELECT
    batch_no,
    line_no,
    register_code,
    unit_key,
    unit_code,
    citizen_token,
    result_code,
    result_code IN ('matched', 'corrected') AS is_matched,
    sent_on,
    returned_on,
    date_diff('day', sent_on, returned_on) AS days_to_return,
    corrected_on,
    evidence,
    delivery_id AS source_delivery_id,
    source_sheet,
    source_row
FROM stage.population_check_record
WHERE is_counting AND unit_key IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY batch_no, line_no ORDER BY delivery_no DESC, source_sheet DESC, source_row DESC
) = 1
