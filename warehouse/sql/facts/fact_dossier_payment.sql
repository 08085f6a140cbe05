-- name core.fact_dossier_payment
-- grain một khoản nộp | one payment
-- purpose Phí, lệ phí và khoản nộp khác của hồ sơ | Fees, charges and other payments for dossiers
-- clearance analyst
-- key payment_no
-- extract dossier_payment
-- column payment_no | Mã giao dịch | Payment number
-- column dossier_code | Mã hồ sơ | Dossier code
-- column agency_key | Cơ quan xử lý hồ sơ; trống khi kho chưa có hồ sơ | Agency in charge of the dossier; empty while it is unknown
-- column service_key | Thủ tục của hồ sơ | Procedure of the dossier
-- column unit_key | Xã của hồ sơ | Commune of the dossier
-- column payment_kind | Loại: fee, charge, financial_obligation | Kind: fee, charge, financial_obligation
-- column amount_vnd | Số tiền (đồng) | Amount in VND
-- column is_exempt | Được miễn, giảm | Whether it is exempt
-- column is_online | Nộp trực tuyến | Whether it was paid online
-- column paid_on | Ngày nộp | Paid on
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng hoặc bản ghi thứ mấy trong tệp | Row or record number in the file
WITH latest AS (
    SELECT *
    FROM ledger.dossier_payment
    QUALIFY row_number() OVER (
        PARTITION BY payment_no
        ORDER BY paid_on DESC, delivery_no DESC, source_sheet DESC, source_row DESC
    ) = 1
)
SELECT
    payment.payment_no,
    payment.dossier_code,
    dossier.agency_key,
    dossier.service_key,
    dossier.unit_key,
    payment.payment_kind,
    payment.amount_vnd::BIGINT AS amount_vnd,
    payment.is_exempt,
    payment.channel_code = 'online' AS is_online,
    payment.paid_on,
    payment.delivery_id AS source_delivery_id,
    payment.source_sheet,
    payment.source_row
FROM latest AS payment
LEFT JOIN core.fact_dossier AS dossier ON dossier.dossier_code = payment.dossier_code
