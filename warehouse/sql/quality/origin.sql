-- name quality.origin
-- grain một biểu | one extract
-- purpose Biểu nào có số liệu mô phỏng | Which extracts hold simulated data
-- clearance open
-- key extract
-- column extract | Biểu | Extract
-- column is_simulated | Có lần gửi mô phỏng được tính | Whether a simulated delivery counts
SELECT extract, bool_or(origin = 'simulated') AS is_simulated
FROM ledger.sending
WHERE status = 'accepted'
GROUP BY extract
