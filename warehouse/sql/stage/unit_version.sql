-- name stage.unit_version
-- grain một phiên bản của đơn vị hành chính | one version of an administrative unit
-- purpose Phiên bản của đơn vị với nội dung của dòng đã mang nó đến | Versions of units with what the row says that brought them
WITH version AS (
    SELECT code AS unit_code, valid_from, valid_to, brought_by
    FROM stage.member_version
    WHERE list = 'administrative_unit_list'
),
sent AS (
    SELECT * FROM ledger.administrative_unit_list
    UNION ALL BY NAME
    SELECT * FROM ledger.superseded_administrative_unit_list
)
SELECT
    version.unit_code, version.valid_from, version.valid_to, packaged.level, packaged.unit_type, packaged.name,
    packaged.full_name, packaged.name_en, packaged.parent_code, packaged.province_code, packaged.legal_act,
    packaged.basis, packaged.source
FROM version
JOIN reference.administrative_unit AS packaged
    ON packaged.unit_code = version.unit_code AND packaged.valid_from = version.valid_from
WHERE version.brought_by.delivery_no = -1
UNION ALL
SELECT
    version.unit_code, version.valid_from, version.valid_to, sent.level, sent.unit_type, sent.name,
    sent.unit_type || ' ' || sent.name,
    strip_accents(replace(replace(sent.name, 'Đ', 'D'), 'đ', 'd')),
    sent.parent_code, sent.province_code, sent.legal_act, 'known',
    'delivery ' || sent.delivery_id || ', row ' || sent.source_row
FROM version
JOIN sent
    ON sent.delivery_no = version.brought_by.delivery_no
    AND sent.source_row = version.brought_by.source_row
    AND sent.source_sheet IS NOT DISTINCT FROM version.brought_by.source_sheet
