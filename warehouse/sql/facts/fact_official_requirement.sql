-- name core.fact_official_requirement
-- grain một đơn vị hành chính × một yêu cầu × một quý | administrative unit × requirement × quarter
-- purpose “Ba yêu cầu” với cán bộ, công chức: thẻ căn cước gắn chip, tài khoản định danh điện tử, tài khoản dịch vụ công quốc gia | The three requirements of officials: chip card, electronic identity account, account of the national public service portal
-- clearance open
-- key unit_code, measure_code, period
-- extract digital_infrastructure where starts_with(measure_code, 'official_')
-- column unit_key | Đơn vị hành chính (phiên bản có hiệu lực cuối quý) | Administrative unit, the version valid at the quarter's end
-- column unit_code | Mã đơn vị hành chính; cán bộ của chính cấp đó, không gồm cấp dưới | Unit code; officials of that level itself, those below not included
-- column measure_code | Yêu cầu: official_chip_card, official_eid_account, official_portal_account | Requirement: official_chip_card, official_eid_account, official_portal_account
-- column period | Quý | Quarter
-- column quarter_first_on | Ngày đầu quý | First day of the quarter
-- column quarter_last_on | Ngày cuối quý | Last day of the quarter
-- column numerator | Số cán bộ, công chức đạt yêu cầu | Officials who meet the requirement
-- column denominator | Số cán bộ, công chức | Officials
-- column is_same_denominator | Mẫu số giống các yêu cầu khác của đơn vị trong quý | Whether the denominator is that of the unit's other requirements in the quarter
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
-- column succeeded_on | Ngày cuối quý đầu tiên mà đơn vị nhận nó có báo cáo; số liệu của kỳ đến ngày đó không tính dòng này nữa; trống: vẫn tính | Last day of the first quarter for which a unit that took it over reported; figures of periods that reach it count this row no more; empty: it counts
WITH latest AS (
    SELECT *
    FROM stage.official_requirement_record
    WHERE is_counting
    QUALIFY row_number() OVER (
        PARTITION BY unit_code, measure_code, period
        ORDER BY delivery_no DESC, source_sheet DESC, source_row DESC
    ) = 1
),
report AS (
    SELECT
        unit.unit_key,
        latest.unit_code,
        latest.measure_code,
        latest.period,
        latest.period_first_on AS quarter_first_on,
        latest.period_last_on AS quarter_last_on,
        latest.numerator,
        latest.denominator,
        latest.is_same_denominator,
        latest.delivery_id AS source_delivery_id,
        latest.source_sheet,
        latest.source_row
    FROM latest
    JOIN core.dim_administrative_unit AS unit
        ON unit.unit_code = latest.unit_code
        AND unit.valid_from <= latest.period_last_on
        AND coalesce(unit.valid_to, DATE '9999-12-31') > latest.period_last_on
),
succession AS (
    SELECT heir.unit_key, later.measure_code, min(later.quarter_last_on) AS succeeded_on
    FROM stage.unit_heir AS heir
    JOIN report AS later ON later.unit_key = heir.heir_key AND later.quarter_last_on >= heir.ended_on
    GROUP BY heir.unit_key, later.measure_code
)
SELECT report.*, succession.succeeded_on
FROM report
LEFT JOIN succession
    ON succession.unit_key = report.unit_key AND succession.measure_code = report.measure_code
