-- name core.fact_dossier_digitisation
-- grain một giấy tờ của một hồ sơ | one paper of one dossier
-- purpose Số hóa, ký số, tái sử dụng giấy tờ của hồ sơ | Papers of dossiers digitised, signed and reused
-- clearance analyst
-- key dossier_code, paper_no
-- extract dossier_digitisation
-- column dossier_code | Mã hồ sơ | Dossier code
-- column paper_no | Số thứ tự giấy tờ | Number of the paper
-- column agency_key | Cơ quan xử lý hồ sơ; trống khi kho chưa có hồ sơ | Agency in charge of the dossier; empty while it is unknown
-- column service_key | Thủ tục của hồ sơ | Procedure of the dossier
-- column unit_key | Xã của hồ sơ | Commune of the dossier
-- column paper_kind | Loại: component (thành phần), result (kết quả) | Kind: component or result
-- column is_digitised | Đã số hóa | Whether it is digitised
-- column is_signed | Đã ký số | Whether it is digitally signed
-- column is_reused | Tái sử dụng giấy tờ đã số hóa | Whether an earlier digital paper was reused
-- column recorded_at | Thời điểm ghi nhận (giờ Việt Nam) | Recorded at, Vietnamese time
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng hoặc bản ghi thứ mấy trong tệp | Row or record number in the file
WITH latest AS (
    SELECT *
    FROM ledger.dossier_digitisation
    QUALIFY row_number() OVER (
        PARTITION BY dossier_code, paper_no
        ORDER BY recorded_at DESC, delivery_no DESC, source_sheet DESC, source_row DESC
    ) = 1
)
SELECT
    paper.dossier_code,
    paper.paper_no,
    dossier.agency_key,
    dossier.service_key,
    dossier.unit_key,
    paper.paper_kind,
    paper.is_digitised,
    paper.is_signed,
    paper.is_reused,
    paper.recorded_at,
    paper.delivery_id AS source_delivery_id,
    paper.source_sheet,
    paper.source_row
FROM latest AS paper
LEFT JOIN core.fact_dossier AS dossier ON dossier.dossier_code = paper.dossier_code
