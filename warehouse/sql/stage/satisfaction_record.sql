-- name stage.satisfaction_record
-- grain một dòng phiếu đánh giá, phản ánh đã qua cổng, kể cả của lần gửi đã được thay thế | one row of surveys and feedback accepted at the gate, superseded deliveries included
-- purpose Tra hồ sơ mà phiếu nói đến, để biết cơ quan, thủ tục và xã | Looks up the dossier spoken of, for its agency, procedure and commune
WITH record AS (
    SELECT *, TRUE AS is_counting FROM ledger.satisfaction_response
    UNION ALL BY NAME
    SELECT *, FALSE AS is_counting FROM ledger.superseded_satisfaction_response
)
SELECT record.*, dossier.dossier_code AS known_dossier_code, dossier.agency_key, dossier.service_key, dossier.unit_key
FROM record
LEFT JOIN core.fact_dossier AS dossier ON dossier.dossier_code = record.dossier_code
