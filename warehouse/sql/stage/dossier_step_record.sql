-- name stage.dossier_step_record
-- grain một bước xử lý đã qua cổng, kể cả của lần gửi đã được thay thế | one step accepted at the gate, superseded deliveries included
-- purpose Tra phiên bản cơ quan có hiệu lực vào ngày kết thúc bước | Looks up the version of the agency valid on the day the step ended
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.dossier_step
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_dossier_step
)
SELECT record.*, agency.agency_key
FROM record
LEFT JOIN core.dim_agency AS agency
    ON agency.agency_code = record.agency_code
    AND agency.valid_from <= record.ended_at::DATE
    AND coalesce(agency.valid_to, DATE '9999-12-31') > record.ended_at::DATE
