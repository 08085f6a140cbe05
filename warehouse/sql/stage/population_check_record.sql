-- name stage.population_check_record
-- grain một dòng kết quả đối soát dân cư đã qua cổng, kể cả của lần gửi đã được thay thế | one row of the results of population checks accepted at the gate, superseded deliveries included
-- purpose Tra phiên bản xã có hiệu lực vào ngày trả kết quả | Looks up the version of the commune valid on the day of return
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.population_check_result
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_population_check_result
)
SELECT record.*, unit.unit_key
FROM record
LEFT JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = record.unit_code
    AND unit.level = 'commune'
    AND unit.valid_from <= record.returned_on
    AND coalesce(unit.valid_to, DATE '9999-12-31') > record.returned_on
