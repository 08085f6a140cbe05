-- name core.unit_version
-- grain một phiên bản của đơn vị hành chính, đúng như các danh mục nói | one version of an administrative unit, exactly as the lists have it
-- purpose Lịch sử đơn vị theo các danh mục; dim_administrative_unit cắt thêm ở ngày cấp trên đổi để khoá cấp trên luôn đúng | The history of units by the lists; dim_administrative_unit is cut further where a unit above changes, so that keys of units above hold
-- clearance open
-- key unit_code, valid_from
-- column unit_code | Mã đơn vị hành chính | Code of the unit
-- column valid_from | Ngày bắt đầu hiệu lực | First day of validity
-- column valid_to | Ngày hết hiệu lực (không gồm ngày này; trống là còn hiệu lực) | First day no longer valid; empty while valid
-- column level | Cấp: province, district, commune | Level: province, district, commune
-- column unit_type | Loại đơn vị (tỉnh, huyện, xã, phường, thị trấn) | Vietnamese type of the unit
-- column name | Tên | Name
-- column full_name | Tên đầy đủ | Name with its type
-- column name_en | Tên không dấu | Name without diacritics
-- column parent_code | Mã đơn vị cấp trên trực tiếp | Code of the unit directly above
-- column province_code | Mã tỉnh | Code of its province
-- column legal_act | Văn bản | Legal act
-- column basis | Căn cứ: known (đã biết) hoặc assumed (giả định) | Whether the row is known or assumed
-- column source | Nguồn: bảng đóng gói, hoặc lần gửi và dòng | Source: the packaged table, or delivery and row
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
