-- name stage.withdrawal
-- grain một dòng rút lại một tệp đã gửi | one row that withdraws a delivery
-- purpose Tệp nào bị rút, có phải của chính đơn vị không, bao nhiêu lần gửi thôi tính | Which delivery is withdrawn, whether it is the supplier's own, how many of its sendings ceased to count
SELECT
    row.delivery_id,
    row.source_sheet,
    row.source_row,
    row.supplier_code,
    row.received_at,
    row.document_no,
    row.reason,
    row.withdrawn_delivery_id,
    count(sending.sending_id) AS sendings_before,
    count(sending.sending_id) FILTER (WHERE sending.status = 'withdrawn') AS sendings_withdrawn,
    coalesce(bool_or(row.supplier_code IN ('VPUB', sending.supplier_code)), FALSE) AS is_permitted
FROM ledger.delivery_withdrawal AS row
LEFT JOIN ledger.sending AS sending
    ON sending.delivery_id = row.withdrawn_delivery_id
    AND sending.received_at <= row.received_at
    AND sending.extract <> 'delivery_withdrawal'
GROUP BY ALL
