-- name quality.header_drift
-- grain một nội dung đang tính có tiêu đề khác kỳ ngay trước | counting delivery whose titles differ from those of the period before
-- purpose Tệp nào đổi tiêu đề cột so với tệp của kỳ ngay trước; là lời nhắc, không từ chối tệp | Which files have other column titles than the file of the period before; a warning that refuses nothing
-- clearance open
-- key delivery_id
-- column delivery_id | Mã nội dung gửi | Delivery
-- column extract | Biểu | Extract
-- column supplier_code | Đơn vị gửi | Supplier
-- column period | Kỳ | Period
-- column part | Phần | Part
-- column header_fingerprint | Dấu của hàng tiêu đề | What stands for its titles
-- column previous_delivery_id | Mã nội dung của kỳ ngay trước | Delivery of the period before
-- column previous_period | Kỳ ngay trước | Period before
-- column previous_fingerprint | Dấu của hàng tiêu đề kỳ trước | What stood for the titles before
-- column message_vi | Nói cho người đọc | What it means, in Vietnamese
-- column message_en | Nói cho người đọc, tiếng Anh | What it means, in English
WITH titled AS (
    SELECT
        sending.delivery_id,
        sending.extract,
        sending.supplier_code,
        sending.period,
        sending.part,
        receipt.header_fingerprint,
        lag(sending.delivery_id) OVER before AS previous_delivery_id,
        lag(sending.period) OVER before AS previous_period,
        lag(receipt.header_fingerprint) OVER before AS previous_fingerprint
    FROM ledger.sending AS sending
    JOIN ledger.receipt AS receipt ON receipt.delivery_id = sending.delivery_id
    WHERE sending.status = 'accepted' AND receipt.header_fingerprint IS NOT NULL
    WINDOW before AS (
        PARTITION BY sending.extract, sending.supplier_code, sending.part
        ORDER BY sending.period_first_on, sending.delivery_no
    )
)
SELECT
    delivery_id,
    extract,
    supplier_code,
    period,
    part,
    header_fingerprint,
    previous_delivery_id,
    previous_period,
    previous_fingerprint,
    'Tiêu đề cột khác tệp của kỳ ' || previous_period || '; hãy xem có cột nào đổi tên, thêm hay bớt.' AS message_vi,
    'Column titles differ from those of the file of ' || previous_period || '; see which were renamed, added or left out.'
        AS message_en
FROM titled
WHERE header_fingerprint <> previous_fingerprint
