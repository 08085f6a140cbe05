-- name stage.dossier_record
-- grain một bản ghi hồ sơ đã qua cổng, kể cả của lần gửi đã được thay thế | one dossier record accepted at the gate, superseded deliveries included
-- purpose Tra phiên bản thủ tục, cơ quan, xã có hiệu lực vào ngày của bản ghi | Looks up the version of procedure, agency and commune valid on the record's day
-- slices dossier
WITH record AS (
    SELECT
        delivery_id, delivery_no, source_sheet, source_row, registered_month, dossier_code, updated_at,
        procedure_code, agency_code, unit_code,
        coalesce(received_on, updated_at::DATE) AS on_date,
        TRUE AS is_counting
    FROM ledger.one_stop_dossier
    UNION ALL
    SELECT
        delivery_id, delivery_no, source_sheet, source_row, registered_month, dossier_code, updated_at,
        procedure_code, agency_code, unit_code,
        coalesce(received_on, updated_at::DATE),
        FALSE
    FROM ledger.superseded_one_stop_dossier
),
known_procedure AS (
    SELECT DISTINCT procedure_code FROM core.dim_service
)
SELECT
    record.*,
    service.service_key,
    service.is_essential,
    agency.agency_key,
    unit.unit_key,
    known_procedure.procedure_code IS NOT NULL AS is_known_procedure,
    service.service_key IS NOT NULL
        AND agency.agency_key IS NOT NULL
        AND unit.unit_key IS NOT NULL AS is_sound
FROM record
LEFT JOIN known_procedure ON known_procedure.procedure_code = record.procedure_code
LEFT JOIN core.dim_service AS service
    ON service.procedure_code = record.procedure_code
    AND service.valid_from <= record.on_date
    AND coalesce(service.valid_to, DATE '9999-12-31') > record.on_date
LEFT JOIN core.dim_agency AS agency
    ON agency.agency_code = record.agency_code
    AND agency.valid_from <= record.on_date
    AND coalesce(agency.valid_to, DATE '9999-12-31') > record.on_date
LEFT JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = record.unit_code
    AND unit.level = 'commune'
    AND unit.valid_from <= record.on_date
    AND coalesce(unit.valid_to, DATE '9999-12-31') > record.on_date
