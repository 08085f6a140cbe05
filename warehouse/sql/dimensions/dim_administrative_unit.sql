-- name core.dim_administrative_unit
-- grain một phiên bản của đơn vị hành chính | one version of an administrative unit
-- purpose Đơn vị hành chính các cấp, theo hiệu lực; mã được dùng lại nên khoá gồm cả ngày bắt đầu | Administrative units of all levels with their validity; codes are reused, so the key carries the first day
-- clearance open
-- key unit_key
-- column unit_key | Khoá: mã@ngày bắt đầu hiệu lực | Key: code@first day of validity
-- column unit_code | Mã đơn vị hành chính | Code of the unit
-- column valid_from | Ngày bắt đầu hiệu lực | First day of validity
-- column valid_to | Ngày hết hiệu lực (không gồm ngày này; trống là còn hiệu lực) | First day no longer valid; empty while valid
-- column level | Cấp: province, district, commune | Level: province, district, commune
-- column unit_type | Loại đơn vị (tỉnh, huyện, xã, phường, thị trấn) | Vietnamese type of the unit
-- column name | Tên | Name
-- column full_name | Tên đầy đủ | Name with its type
-- column name_en | Tên không dấu | Name without diacritics
-- column parent_code | Mã đơn vị cấp trên trực tiếp | Code of the unit directly above
-- column district_code | Mã huyện, thành phố (trống sau khi bỏ cấp huyện) | Code of its district; empty where districts no longer exist
-- column province_code | Mã tỉnh | Code of its province
-- column district_key | Phiên bản của huyện | Version of its district
-- column province_key | Phiên bản của tỉnh | Version of its province
-- column legal_act | Văn bản | Legal act
-- column basis | Căn cứ: known (đã biết) hoặc assumed (giả định) | Whether the row is known or assumed
-- column source | Nguồn | Source
WITH unit AS (
    SELECT
        version.* REPLACE (piece.valid_from AS valid_from, piece.valid_to AS valid_to),
        piece.unit_code || '@' || piece.valid_from::VARCHAR AS unit_key
    FROM core.unit_version AS version
    JOIN stage.unit_piece AS piece
        ON piece.unit_code = version.unit_code AND piece.version_from = version.valid_from
)
SELECT
    unit.unit_key,
    unit.unit_code,
    unit.valid_from,
    unit.valid_to,
    unit.level,
    unit.unit_type,
    unit.name,
    unit.full_name,
    unit.name_en,
    unit.parent_code,
    CASE WHEN unit.level = 'district' THEN unit.unit_code ELSE district.unit_code END AS district_code,
    unit.province_code,
    CASE WHEN unit.level = 'district' THEN unit.unit_key ELSE district.unit_key END AS district_key,
    province.unit_key AS province_key,
    unit.legal_act,
    unit.basis,
    unit.source
FROM unit
LEFT JOIN unit AS district
    ON district.unit_code = unit.parent_code
    AND district.level = 'district'
    AND district.valid_from <= unit.valid_from
    AND coalesce(district.valid_to, DATE '9999-12-31') > unit.valid_from
LEFT JOIN unit AS province
    ON province.unit_code = unit.province_code
    AND province.level = 'province'
    AND province.valid_from <= unit.valid_from
    AND coalesce(province.valid_to, DATE '9999-12-31') > unit.valid_from
