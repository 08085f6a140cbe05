-- name core.fact_identity_issuance
-- grain một xã × một tuần | commune × week
-- purpose Cấp thẻ căn cước và định danh điện tử theo xã, theo tuần | Identity cards and electronic identities issued, by commune and week
-- clearance open
-- key unit_code, period
-- extract identity_issuance
-- column unit_key | Xã, phường, thị trấn (phiên bản có hiệu lực cuối tuần) | Commune, the version valid at the week's end
-- column unit_code | Mã xã, phường, thị trấn | Commune code
-- column period | Tuần ISO | ISO week
-- column week_first_on | Ngày đầu tuần | First day of the week
-- column week_last_on | Ngày cuối tuần | Last day of the week
-- column eligible_persons | Số người đủ điều kiện cấp thẻ | Persons eligible for a card
-- column cards_issued | Thẻ cấp trong tuần | Cards issued in the week
-- column cards_issued_cumulative | Thẻ cấp luỹ kế | Cards issued so far
-- column eid_issued | Định danh điện tử cấp trong tuần | Electronic identities issued in the week
-- column eid_activated_cumulative | Định danh điện tử kích hoạt luỹ kế | Electronic identities activated so far
-- column eid_target | Chỉ tiêu định danh điện tử | Target for electronic identities
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
-- column succeeded_on | Ngày cuối tuần đầu tiên mà đơn vị nhận nó có báo cáo; số liệu của kỳ đến ngày đó không tính dòng này nữa; trống: vẫn tính | Last day of the first week for which a unit that took it over reported; figures of periods that reach it count this row no more; empty: it counts
WITH report AS (
    SELECT
        unit.unit_key,
        report.unit_code,
        report.period,
        report.period_first_on AS week_first_on,
        report.period_last_on AS week_last_on,
        report.eligible_persons,
        report.cards_issued,
        report.cards_issued_cumulative,
        report.eid_issued,
        report.eid_activated_cumulative,
        report.eid_target,
        report.delivery_id AS source_delivery_id,
        report.source_sheet,
        report.source_row
    FROM ledger.identity_issuance AS report
    JOIN core.dim_administrative_unit AS unit
        ON unit.unit_code = report.unit_code
        AND unit.valid_from <= report.period_last_on
        AND coalesce(unit.valid_to, DATE '9999-12-31') > report.period_last_on
    QUALIFY row_number() OVER (
        PARTITION BY report.unit_code, report.period
        ORDER BY report.delivery_no DESC, report.source_sheet DESC, report.source_row DESC
    ) = 1
),
succession AS (
    SELECT heir.unit_key, min(later.week_last_on) AS succeeded_on
    FROM stage.unit_heir AS heir
    JOIN report AS later ON later.unit_key = heir.heir_key AND later.week_last_on >= heir.ended_on
    GROUP BY heir.unit_key
)
SELECT report.*, succession.succeeded_on
FROM report
LEFT JOIN succession ON succession.unit_key = report.unit_key
