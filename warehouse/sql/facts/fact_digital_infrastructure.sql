-- name core.fact_digital_infrastructure
-- grain một đơn vị hành chính × một chỉ tiêu × một quý | administrative unit × measure × quarter
-- purpose Hạ tầng số: cáp quang, tài khoản giao dịch, cơ sở dữ liệu dùng chung | Digital infrastructure: fibre, transaction accounts, shared databases
-- clearance open
-- key unit_code, measure_code, period
-- extract digital_infrastructure where NOT starts_with(measure_code, 'official_')
-- column unit_key | Đơn vị hành chính (phiên bản có hiệu lực cuối quý) | Administrative unit, the version valid at the quarter's end
-- column unit_code | Mã đơn vị hành chính | Unit code
-- column measure_code | Mã chỉ tiêu | Measure
-- column period | Quý | Quarter
-- column quarter_first_on | Ngày đầu quý | First day of the quarter
-- column quarter_last_on | Ngày cuối quý | Last day of the quarter
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
-- column supplier_code | Đơn vị báo cáo | Supplier
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
-- column succeeded_on | Ngày cuối quý đầu tiên mà đơn vị nhận nó có báo cáo; số liệu của kỳ đến ngày đó không tính dòng này nữa; trống: vẫn tính | Last day of the first quarter for which a unit that took it over reported; figures of periods that reach it count this row no more; empty: it counts
WITH report AS (
    SELECT
        unit.unit_key,
        report.unit_code,
        report.measure_code,
        report.period,
        report.period_first_on AS quarter_first_on,
        report.period_last_on AS quarter_last_on,
        report.numerator,
        report.denominator,
        report.supplier_code,
        report.delivery_id AS source_delivery_id,
        report.source_sheet,
        report.source_row
    FROM ledger.digital_infrastructure AS report
    JOIN core.dim_administrative_unit AS unit
        ON unit.unit_code = report.unit_code
        AND unit.valid_from <= report.period_last_on
        AND coalesce(unit.valid_to, DATE '9999-12-31') > report.period_last_on
    WHERE NOT starts_with(report.measure_code, 'official_')
    QUALIFY row_number() OVER (
        PARTITION BY report.unit_code, report.measure_code, report.period
        ORDER BY report.delivery_no DESC, report.source_sheet DESC, report.source_row DESC
    ) = 1
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
