-- name quality.quarantined_row
-- grain một dòng bị cách ly ở cổng | one row quarantined at the gate
-- purpose Nguyên văn các dòng bị cách ly, để sửa và đối chiếu | The quarantined rows as they were sent, for repair and comparison
-- clearance restricted
-- slices delivery
-- column delivery_id | Mã nội dung gửi | Delivery | restricted
-- column extract | Biểu | Extract | restricted
-- column supplier_code | Đơn vị gửi | Supplier | restricted
-- column period | Kỳ | Period | restricted
-- column source_sheet | Trang tính | Sheet | restricted
-- column source_row | Dòng hoặc bản ghi trong tệp | Row or record in the file | restricted
-- column raw | Nguyên văn các ô, dạng JSON | The original cells as JSON | restricted
WITH delivery AS (
    SELECT DISTINCT delivery_id, extract, supplier_code, period FROM ledger.sending
)
SELECT
    quarantined.delivery_id,
    delivery.extract,
    delivery.supplier_code,
    delivery.period,
    quarantined.source_sheet,
    quarantined.source_row,
    quarantined.raw
FROM ledger.quarantined_row AS quarantined
JOIN delivery ON delivery.delivery_id = quarantined.delivery_id
