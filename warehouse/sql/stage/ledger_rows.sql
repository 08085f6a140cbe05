-- name stage.ledger_rows
-- grain một lần gửi đang được tính | one delivery that counts
-- purpose Số dòng được nhận của mỗi lần gửi, đếm trong sổ | Accepted rows of each delivery, counted in the ledger
-- slices delivery
SELECT extract, delivery_id, count(*) AS rows
FROM ledger.accepted_row
GROUP BY extract, delivery_id
