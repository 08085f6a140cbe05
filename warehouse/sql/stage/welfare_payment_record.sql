-- name stage.welfare_payment_record
-- grain một dòng chi trả trợ giúp xã hội đã qua cổng, kể cả của lần gửi đã được thay thế | one row of social assistance accepted at the gate, superseded deliveries included
-- purpose Tra xem người hưởng có được biết là đã chết từ trước tháng chi trả | Looks up whether the beneficiary is known to have died before the month paid for
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.welfare_payment
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_welfare_payment
)
SELECT record.*, coalesce(deceased.dead_by_on < record.period_first_on, FALSE) AS is_after_death
FROM record
LEFT JOIN stage.person_deceased AS deceased ON deceased.citizen_token = record.citizen_token
