-- name stage.portal_dossier
-- grain một mã hồ sơ mà Cổng quốc gia liệt kê | one dossier code listed by the national portal
-- purpose Mã nào kho có, mã nào không; ngày nằm trong mã hồ sơ | Which codes the warehouse has; the day stands in the code
WITH listed AS (
    SELECT
        agency_code,
        period,
        unnest(string_split(dossier_codes, ';')) AS dossier_code
    FROM stage.portal_record
    WHERE is_counting AND agency_key IS NOT NULL
)
SELECT
    listed.agency_code,
    listed.period,
    listed.dossier_code,
    string_split(listed.dossier_code, '-')[2] AS registered_on_digits,
    dossier.dossier_code IS NOT NULL AS is_known
FROM listed
LEFT JOIN core.fact_dossier AS dossier ON dossier.dossier_code = listed.dossier_code
