-- name core.fact_land_change
-- grain một biến động đất đai | one change in the land register
-- purpose Biến động đất đai theo xã | Changes in the land register by commune
-- clearance analyst
-- key change_no
-- extract land_change
-- column change_no | Số biến động | Change number
-- column period | Tháng | Month
-- column unit_key | Xã (phiên bản có hiệu lực cuối tháng) | Commune, the version valid at the month's end
-- column unit_code | Mã xã | Commune code
-- column change_kind | Loại: transfer, inheritance, gift, split, merger, change_of_use | Kind: transfer, inheritance, gift, split, merger, change_of_use
-- column citizen_token | Mã thay thế số định danh của chủ sử dụng đất (HMAC) | Token that stands for the holder's identity number
-- column area_m2 | Diện tích (m²) | Area in m²
-- column changed_on | Ngày biến động | Changed on
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
SELECT
    record.change_no,
    record.period,
    unit.unit_key,
    record.unit_code,
    record.change_kind,
    record.citizen_token,
    record.area_m2,
    record.changed_on,
    record.delivery_id AS source_delivery_id,
    record.source_sheet,
    record.source_row
FROM ledger.land_change AS record
JOIN core.dim_administrative_unit AS unit
    ON unit.unit_code = record.unit_code
    AND unit.valid_from <= record.period_last_on
    AND coalesce(unit.valid_to, DATE '9999-12-31') > record.period_last_on
QUALIFY row_number() OVER (
    PARTITION BY record.change_no
    ORDER BY record.delivery_no DESC, record.source_sheet DESC, record.source_row DESC
) = 1
