-- name meta.delivery_used
-- grain một lần gửi được tính | one delivery that counts
-- purpose Những phán quyết làm nên bản phát hành này | The judgements this release is made of
-- clearance open
-- key delivery_id
-- column delivery_id | Mã nội dung gửi | Delivery
-- column sending_id | Lần gửi được tính | Sending that counts
-- column extract | Biểu | Extract
-- column rule_set_id | Bộ luật | Rule-set
SELECT sending.delivery_id, sending.sending_id, sending.extract, receipt.rule_set_id
FROM ledger.sending AS sending
JOIN ledger.receipt AS receipt ON receipt.delivery_id = sending.delivery_id
WHERE sending.status = 'accepted'
