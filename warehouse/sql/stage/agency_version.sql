-- name stage.agency_version
-- grain một phiên bản của cơ quan | one version of an agency
-- purpose Phiên bản của cơ quan với nội dung của dòng đã mang nó đến | Versions of agencies with what the row says that brought them
WITH version AS (
    SELECT code AS agency_code, valid_from, valid_to, brought_by
    FROM stage.member_version
    WHERE list = 'agency_list'
),
sent AS (
    SELECT *, string_split(agency_code, '.') AS parts FROM ledger.agency_list
    UNION ALL BY NAME
    SELECT *, string_split(agency_code, '.') AS parts FROM ledger.superseded_agency_list
)
SELECT
    version.agency_code, packaged.agency_code_old, packaged.short_code, packaged.name_vi, packaged.name_en,
    packaged.level, packaged.unit_code, packaged.parent_code, version.valid_from, version.valid_to, packaged.basis,
    packaged.source
FROM version
JOIN reference.agency AS packaged
    ON packaged.agency_code = version.agency_code AND packaged.valid_from = version.valid_from
WHERE version.brought_by.delivery_no = -1
UNION ALL
SELECT
    version.agency_code,
    -- The old order has level 1 last and always four parts.
    concat_ws('.', '000', coalesce(sent.parts[3], '00'), coalesce(sent.parts[2], '00'), sent.parts[1]),
    sent.short_code, sent.name_vi, sent.name_en, sent.level, sent.unit_code, sent.parent_code, version.valid_from,
    version.valid_to, 'known',
    'delivery ' || sent.delivery_id || ', row ' || sent.source_row
FROM version
JOIN sent
    ON sent.delivery_no = version.brought_by.delivery_no
    AND sent.source_row = version.brought_by.source_row
    AND sent.source_sheet IS NOT DISTINCT FROM version.brought_by.source_sheet
