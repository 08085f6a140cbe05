-- name stage.target_response_record
-- grain một dòng giải trình chỉ tiêu đã qua cổng, kể cả của lần gửi đã được thay thế | one row of the responses to missed targets accepted at the gate, superseded deliveries included
-- purpose Tra phiên bản cơ quan có hiệu lực cuối quý | Looks up the versions of the agencies valid at the quarter's end
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.target_response
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_target_response
)
SELECT record.*, owner.agency_key AS owner_agency_key, supplier.unit_code
FROM record
LEFT JOIN core.dim_agency AS owner
    ON owner.agency_code = record.owner_agency_code
    AND owner.valid_from <= record.period_last_on
    AND coalesce(owner.valid_to, DATE '9999-12-31') > record.period_last_on
LEFT JOIN core.dim_agency AS supplier
    ON supplier.short_code = record.supplier_code
    AND supplier.valid_from <= record.period_last_on
    AND coalesce(supplier.valid_to, DATE '9999-12-31') > record.period_last_on
