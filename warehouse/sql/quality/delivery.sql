-- name quality.delivery
-- grain một lần gửi | one sending
-- purpose Mọi tệp đã nhận: tình trạng, lý do từ chối, số dòng đọc, nhận và loại | Every file received: status, reason of refusal, rows read, accepted and rejected
-- clearance open
-- key sending_id
-- column sending_id | Mã lần gửi | Sending
-- column delivery_id | Mã nội dung gửi | Delivery
-- column extract | Biểu | Extract
-- column supplier_code | Đơn vị gửi | Supplier
-- column period | Kỳ | Period
-- column part | Phần | Part
-- column file_name | Tên tệp | File name
-- column sha256 | SHA-256 của tệp | SHA-256 of the bytes
-- column received_at | Thời điểm nhận | Moment received
-- column recorded_at | Thời điểm ghi sổ | Moment recorded
-- column origin | Nguồn: simulated (mô phỏng), delivered (đơn vị gửi), pulled (kho tự lấy) | Origin: simulated, delivered (sent by the supplier) or pulled (fetched by the warehouse)
-- column status | accepted (được tính), refused (bị từ chối), superseded (bị thay), duplicate (gửi lại y nguyên), withdrawn (đã rút), waiting (đính chính chờ tệp chính) | accepted, refused, superseded, duplicate, withdrawn, waiting (corrections with nothing to correct yet)
-- column refusal_code | Mã lý do từ chối | Rule that refused it
-- column refusal_vi | Lý do từ chối | Reason in Vietnamese
-- column refusal_en | Lý do từ chối, tiếng Anh | Reason in English
-- column positions | Số vị trí trong tệp | Positions in the file
-- column rows_set_aside | Dòng không phải số liệu (tiêu đề, nhóm, tổng, chữ ký, trống) | Positions that are no data: headings, groups, totals, signatures, blanks
-- column rows_read | Dòng số liệu đọc được | Data rows read
-- column rows_accepted | Dòng được nhận | Rows accepted
-- column rows_quarantined | Dòng bị cách ly ở cổng | Rows quarantined at the gate
-- column rows_structural | Dòng hỏng cấu trúc | Structurally broken rows
-- column size_bytes | Dung lượng (byte) | Size in bytes
SELECT
    sending.sending_id,
    sending.delivery_id,
    sending.extract,
    sending.supplier_code,
    sending.period,
    sending.part,
    sending.file_name,
    sending.sha256,
    sending.received_at,
    sending.recorded_at,
    sending.origin,
    sending.status,
    receipt.refusal_code,
    receipt.refusal_vi,
    receipt.refusal_en,
    receipt.positions,
    receipt.rows_set_aside,
    receipt.rows_read,
    receipt.rows_accepted,
    receipt.rows_quarantined,
    receipt.rows_structural,
    sending.size_bytes
FROM ledger.sending AS sending
JOIN ledger.receipt AS receipt ON receipt.delivery_id = sending.delivery_id
