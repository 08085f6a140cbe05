-- name stage.portal_record
-- grain một dòng đối soát với Cổng quốc gia đã qua cổng, kể cả của lần gửi đã được thay thế | one row of the reconciliation with the national portal accepted at the gate, superseded deliveries included
-- purpose Tra phiên bản cơ quan có hiệu lực cuối tháng | Looks up the version of the agency valid at the month's end
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.portal_reconciliation
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_portal_reconciliation
)
SELECT record.*, agency.agency_key
FROM record
LEFT JOIN core.dim_agency AS agency
    ON agency.agency_code = record.agency_code
    AND agency.valid_from <= record.period_last_on
    AND coalesce(agency.valid_to, DATE '9999-12-31') > record.period_last_on
