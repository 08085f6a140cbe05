-- name quality.withdrawal
-- grain một dòng rút lại một tệp đã gửi | one row that withdraws a delivery
-- purpose Đơn vị đã rút tệp nào, vì sao, có hiệu lực không, nay tệp nào được tính thay | Which deliveries were withdrawn, why, whether it took effect, and what counts in their place now
-- clearance analyst
-- key source_delivery_id, source_sheet, source_row
-- column source_delivery_id | Lần gửi chứa việc rút | Delivery that holds the withdrawal
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
-- column supplier_code | Đơn vị rút | Who withdrew
-- column received_at | Thời điểm nhận việc rút | When the withdrawal was received
-- column document_no | Số văn bản | Number of the document
-- column reason | Lý do | Reason | restricted
-- column withdrawn_delivery_id | Mã nội dung bị rút | Delivery withdrawn
-- column extract | Biểu của tệp bị rút | Extract of the delivery withdrawn
-- column period | Kỳ của tệp bị rút | Period of the delivery withdrawn
-- column state | effective (có hiệu lực), sent_again (đã rút, sau đó gửi lại), refused_before (tệp vốn đã bị từ chối), unknown (chưa có tệp ấy), not_own (của đơn vị khác) | effective, sent_again (withdrawn, sent again since), refused_before (it had been refused anyway), unknown (no such delivery yet), not_own (another supplier's)
-- column sendings_withdrawn | Số lần gửi thôi tính | Sendings that count no more
-- column counts_instead | Mã nội dung nay được tính ở chỗ ấy; trống: không tệp nào | Delivery that counts in its place now; empty for none
WITH slot AS (
    SELECT DISTINCT delivery_id, extract, supplier_code, period, part FROM ledger.sending
),
counting AS (
    SELECT extract, supplier_code, period, part, delivery_id FROM ledger.sending WHERE status = 'accepted'
)
SELECT
    withdrawal.delivery_id AS source_delivery_id,
    withdrawal.source_sheet,
    withdrawal.source_row,
    withdrawal.supplier_code,
    withdrawal.received_at,
    withdrawal.document_no,
    withdrawal.reason,
    withdrawal.withdrawn_delivery_id,
    slot.extract,
    slot.period,
    CASE
        WHEN withdrawal.sendings_before = 0 THEN 'unknown'
        WHEN NOT withdrawal.is_permitted THEN 'not_own'
        WHEN withdrawal.sendings_withdrawn = 0 THEN 'refused_before'
        WHEN counting.delivery_id = withdrawal.withdrawn_delivery_id THEN 'sent_again'
        ELSE 'effective'
    END AS state,
    withdrawal.sendings_withdrawn,
    counting.delivery_id AS counts_instead
FROM stage.withdrawal AS withdrawal
LEFT JOIN slot ON slot.delivery_id = withdrawal.withdrawn_delivery_id AND withdrawal.sendings_before > 0
LEFT JOIN counting
    ON counting.extract = slot.extract
    AND counting.supplier_code = slot.supplier_code
    AND counting.period = slot.period
    AND counting.part IS NOT DISTINCT FROM slot.part
