-- name core.dim_agency
-- grain một phiên bản của cơ quan | one version of an agency
-- purpose Cơ quan, đơn vị của tỉnh theo hiệu lực, cả sau các lần sáp nhập | Agencies of the province with their validity, mergers included
-- clearance open
-- key agency_key
-- column agency_key | Khoá: mã@ngày bắt đầu hiệu lực | Key: code@first day of validity
-- column agency_code | Mã định danh (thứ tự mới, cấp 1 đứng đầu) | Identification code, new order, level 1 first
-- column agency_code_old | Mã định danh theo thứ tự cũ | Identification code in the old order
-- column short_code | Tên viết tắt của sở, ngành | Short code of departments and suppliers
-- column name_vi | Tên cơ quan | Name in Vietnamese
-- column name_en | Tên tiếng Anh | Name in English
-- column level | Cấp: province, district, commune | Level: province, district, commune
-- column unit_code | Mã đơn vị hành chính nơi cơ quan làm việc | Code of the administrative unit it serves
-- column parent_code | Mã cơ quan cấp trên | Code of the agency above
-- column successor_code | Mã cơ quan kế thừa khi hết hiệu lực | Code of the agency that took over
-- column valid_from | Ngày bắt đầu hiệu lực | First day of validity
-- column valid_to | Ngày hết hiệu lực (không gồm ngày này) | First day no longer valid; empty while valid
-- column basis | Căn cứ: known hoặc assumed | Whether the row is known or assumed
-- column source | Nguồn | Source
WITH successor AS (
    SELECT old_code, effective_on, min(new_code) AS successor_code
    FROM reference.agency_succession
    WHERE new_code IS NOT NULL
    GROUP BY old_code, effective_on
)
SELECT
    agency.agency_code || '@' || agency.valid_from::VARCHAR AS agency_key,
    agency.agency_code,
    agency.agency_code_old,
    agency.short_code,
    agency.name_vi,
    agency.name_en,
    agency.level,
    agency.unit_code,
    agency.parent_code,
    successor.successor_code,
    agency.valid_from,
    agency.valid_to,
    agency.basis,
    agency.source
FROM stage.agency_version AS agency
LEFT JOIN successor
    ON successor.old_code = agency.agency_code AND successor.effective_on = agency.valid_to
