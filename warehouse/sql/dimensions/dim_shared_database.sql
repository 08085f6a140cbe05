-- name core.dim_shared_database
-- grain một cơ sở dữ liệu dùng chung, theo báo cáo mới nhất | one shared database as last reported
-- purpose Danh mục cơ sở dữ liệu dùng chung: cơ quan chủ quản, nội dung, ngày kết nối | Shared databases: owner, content, connected since
-- clearance open
-- key database_code
-- budget removed 10 % changed 100 %
-- extract shared_database
-- column database_code | Mã cơ sở dữ liệu (quy ước của kho) | Database code, a convention of this warehouse
-- column database_name | Tên cơ sở dữ liệu | Name
-- column owner_agency_key | Cơ quan chủ quản (phiên bản có hiệu lực cuối quý) | Owner, the version valid at the quarter's end
-- column owner_agency_code | Mã cơ quan chủ quản | Code of the owner
-- column connected_on | Ngày kết nối, chia sẻ; trống khi chưa kết nối | Connected since; empty while not connected
-- column content | Nội dung dữ liệu, như đơn vị ghi | Content as written by the supplier | restricted
-- column period | Quý báo cáo mới nhất | Newest quarter reported
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
SELECT
    database_code,
    database_name,
    owner_agency_key,
    owner_agency_code,
    connected_on,
    content,
    period,
    delivery_id AS source_delivery_id,
    source_sheet,
    source_row
FROM stage.shared_database_record
WHERE is_counting AND owner_agency_key IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY database_code
    ORDER BY period_last_on DESC, delivery_no DESC, source_sheet DESC, source_row DESC
) = 1
