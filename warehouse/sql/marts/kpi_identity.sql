-- name mart.kpi_identity
-- grain chỉ tiêu × kỳ × đơn vị | indicator × period × unit
-- purpose Thẻ căn cước và định danh điện tử: luỹ kế tuần mới nhất trong kỳ của mỗi xã, cộng lên huyện và tỉnh | Identity cards and electronic identities: each commune's newest running totals within the period, added up
-- clearance open
-- key kpi_code, period, grain, member_key
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ: năm hoặc tháng | Period: year or month
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan) | unit (province, district, commune), agency
-- column member_key | Phiên bản đơn vị, hoặc mã cơ quan | Version of the unit, or agency code
-- column numerator | Tử số: luỹ kế thẻ đã cấp (P05), tài khoản kích hoạt (P06) | Numerator: cards issued so far (P05), accounts activated (P06)
-- column denominator | Mẫu số: số người đủ điều kiện (P05) | Denominator: eligible persons (P05)
-- column target | Chỉ tiêu Bộ giao, cộng từ báo cáo (P06) | The ministry's target, added up from the reports (P06)
WITH newest AS (
    SELECT
        period.period,
        unit.unit_key,
        unit.district_key,
        unit.province_key,
        report.cards_issued_cumulative,
        report.eligible_persons,
        report.eid_activated_cumulative,
        report.eid_target
    FROM core.fact_identity_issuance AS report
    JOIN core.dim_period AS period
        ON period.period_kind <> 'quarter'
        AND report.week_last_on BETWEEN period.first_on AND period.last_on
        AND (report.succeeded_on IS NULL OR report.succeeded_on > period.last_on)
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = report.unit_key
    QUALIFY row_number() OVER (
        PARTITION BY period.period, unit.unit_key ORDER BY report.week_last_on DESC
    ) = 1
),
placed AS (
    SELECT
        period,
        unnest(list_distinct([province_key, district_key, unit_key])) AS member_key,
        cards_issued_cumulative,
        eligible_persons,
        eid_activated_cumulative,
        eid_target
    FROM newest
)
SELECT
    'P05' AS kpi_code,
    period,
    'unit' AS grain,
    member_key,
    sum(cards_issued_cumulative)::BIGINT AS numerator,
    sum(eligible_persons)::BIGINT AS denominator,
    NULL::BIGINT AS target
FROM placed
WHERE member_key IS NOT NULL
GROUP BY period, member_key
UNION ALL
SELECT 'P06', period, 'unit', member_key, sum(eid_activated_cumulative)::BIGINT, NULL, sum(eid_target)::BIGINT
FROM placed
WHERE member_key IS NOT NULL
GROUP BY period, member_key
