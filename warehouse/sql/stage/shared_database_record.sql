-- name stage.shared_database_record
-- grain một dòng danh mục cơ sở dữ liệu dùng chung đã qua cổng, kể cả của lần gửi đã được thay thế | one row of the lists of shared databases accepted at the gate, superseded deliveries included
-- purpose Tra phiên bản cơ quan có hiệu lực cuối quý | Looks up the versions of the agencies valid at the quarter's end
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.shared_database
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_shared_database
)
SELECT record.*, owner.agency_key AS owner_agency_key
FROM record
LEFT JOIN core.dim_agency AS owner
    ON owner.agency_code = record.owner_agency_code
    AND owner.valid_from <= record.period_last_on
    AND coalesce(owner.valid_to, DATE '9999-12-31') > record.period_last_on
