-- name stage.taxpayer_record
-- grain một dòng người nộp thuế đã qua cổng, kể cả của lần gửi đã được thay thế | one row of the lists of taxpayers accepted at the gate, superseded deliveries included
-- purpose Tra phiên bản xã có hiệu lực cuối tháng | Looks up the version of the commune valid at the month's end
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.taxpayer
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_taxpayer
)
SELECT record.*, unit.unit_key
FROM record
LEFT JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = record.unit_code
    AND unit.level = 'commune'
    AND unit.valid_from <= record.period_last_on
    AND coalesce(unit.valid_to, DATE '9999-12-31') > record.period_last_on
