-- name stage.official_requirement_record
-- grain một dòng về “ba yêu cầu” đã qua cổng, kể cả của lần gửi đã được thay thế | one row on officials' requirements accepted at the gate, superseded deliveries included
-- purpose So mẫu số của các yêu cầu cùng đơn vị trong một lần gửi | Compares the denominators of a unit's requirements within a delivery
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.digital_infrastructure
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_digital_infrastructure
)
SELECT
    record.*,
    min(denominator) OVER of_unit = max(denominator) OVER of_unit AS is_same_denominator
FROM record
WHERE starts_with(measure_code, 'official_')
WINDOW of_unit AS (PARTITION BY delivery_id, unit_code)
