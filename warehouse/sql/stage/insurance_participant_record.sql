-- name stage.insurance_participant_record
-- grain một dòng người tham gia bảo hiểm đã qua cổng, kể cả của lần gửi đã được thay thế | one row of the lists of insurance participants accepted at the gate, superseded deliveries included
-- purpose Tra phiên bản xã có hiệu lực cuối tháng | Looks up the version of the commune valid at the month's end
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.insurance_participant
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_insurance_participant
)
SELECT record.*, unit.unit_key
FROM record
LEFT JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = record.unit_code
    AND unit.level = 'commune'
    AND unit.valid_from <= record.period_last_on
    AND coalesce(unit.valid_to, DATE '9999-12-31') > record.period_last_on
