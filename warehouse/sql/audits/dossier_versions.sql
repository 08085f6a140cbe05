-- name audits.dossier_versions
-- grain một hồ sơ trỏ tới phiên bản không có hiệu lực | one dossier that points to a version not valid on its day
-- purpose Khoá chiều phải có hiệu lực vào ngày tiếp nhận | Dimension keys must be valid on the day of receipt
-- slices dossier
WITH dossier AS (
    SELECT dossier_code, service_key, agency_key, unit_key, coalesce(received_on, updated_at::DATE) AS on_date
    FROM core.fact_dossier
)
SELECT dossier.*
FROM dossier
LEFT JOIN core.dim_service AS service ON service.service_key = dossier.service_key
LEFT JOIN core.dim_agency AS agency ON agency.agency_key = dossier.agency_key
LEFT JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
WHERE NOT coalesce(
    dossier.on_date >= service.valid_from AND dossier.on_date < coalesce(service.valid_to, DATE '9999-12-31')
    AND dossier.on_date >= agency.valid_from AND dossier.on_date < coalesce(agency.valid_to, DATE '9999-12-31')
    AND dossier.on_date >= unit.valid_from AND dossier.on_date < coalesce(unit.valid_to, DATE '9999-12-31'),
    FALSE
)
