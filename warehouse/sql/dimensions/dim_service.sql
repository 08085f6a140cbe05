-- name core.dim_service
-- grain một phiên bản của thủ tục hành chính | one version of an administrative procedure
-- purpose Thủ tục hành chính theo các danh mục đã công bố; phiên bản mới khi nội dung đổi, đóng khi danh mục không còn | Administrative procedures from the published lists; a new version when its content changes, closed when a list drops it
-- clearance open
-- key service_key
-- extract procedure_catalogue
-- column service_key | Khoá: mã@ngày bắt đầu hiệu lực | Key: code@first day of validity
-- column procedure_code | Mã thủ tục hành chính quốc gia | National procedure code
-- column procedure_name | Tên thủ tục | Name of the procedure
-- column field_name | Lĩnh vực | Field
-- column agency_code | Mã cơ quan thực hiện | Code of the responsible agency
-- column service_level | Mức độ: full (toàn trình), partial (một phần), none | Level offered online: full, partial, none
-- column full_process_eligible | Đủ điều kiện cung cấp toàn trình | Whether it is eligible for full process online
-- column processing_days | Thời hạn giải quyết (ngày) | Days allowed
-- column decision_no | Quyết định công bố | Decision that published it
-- column is_essential | Thuộc 53 dịch vụ công thiết yếu | Whether it belongs to the 53 essential services
-- column service_no | Số thứ tự dịch vụ thiết yếu | Number of the essential service
-- column valid_from | Ngày bắt đầu hiệu lực | First day of validity
-- column valid_to | Ngày hết hiệu lực (không gồm ngày này) | First day no longer valid; empty while valid
-- column source_delivery_id | Lần gửi đầu tiên của phiên bản | Delivery that brought the version
-- column source_row | Dòng trong tệp | Row in the file
WITH essential AS (
    SELECT procedure_code, min(service_no) AS service_no
    FROM reference.essential_service
    GROUP BY procedure_code
),
version AS (
    SELECT code AS procedure_code, valid_from, valid_to, brought_by
    FROM stage.member_version
    WHERE list = 'procedure_catalogue'
),
sent AS (
    SELECT * FROM ledger.procedure_catalogue
    UNION ALL BY NAME
    SELECT * FROM ledger.superseded_procedure_catalogue
)
SELECT
    version.procedure_code || '@' || version.valid_from::VARCHAR AS service_key,
    version.procedure_code,
    sent.procedure_name AS procedure_name,
    sent.field_name AS field_name,
    sent.agency_code AS agency_code,
    sent.service_level AS service_level,
    sent.full_process_eligible AS full_process_eligible,
    sent.processing_days AS processing_days,
    sent.decision_no AS decision_no,
    essential.service_no IS NOT NULL AS is_essential,
    essential.service_no,
    version.valid_from,
    version.valid_to,
    sent.delivery_id AS source_delivery_id,
    sent.source_row
FROM version
JOIN sent
    ON sent.delivery_no = version.brought_by.delivery_no
    AND sent.source_row = version.brought_by.source_row
    AND sent.source_sheet IS NOT DISTINCT FROM version.brought_by.source_sheet
LEFT JOIN essential ON essential.procedure_code = version.procedure_code
