-- name mart.kpi_infrastructure
-- grain chỉ tiêu × (năm, quý) × đơn vị | indicator × (year, quarter) × unit
-- purpose Hạ tầng số: số liệu quý mới nhất trong kỳ của mỗi đơn vị, cộng lên huyện và tỉnh | Digital infrastructure: each unit's newest quarter within the period, added up to districts and the province
-- clearance open
-- key kpi_code, period, grain, member_key
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ: năm hoặc quý | Period: year or quarter
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan) | unit (province, district, commune), agency
-- column member_key | Phiên bản đơn vị, hoặc mã cơ quan | Version of the unit, or agency code
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
WITH newest AS (
    SELECT
        period.period,
        report.measure_code,
        report.numerator,
        report.denominator,
        unit.unit_key,
        unit.district_key,
        unit.province_key
    FROM core.fact_digital_infrastructure AS report
    JOIN core.dim_period AS period
        ON period.period_kind <> 'month'
        AND report.quarter_last_on BETWEEN period.first_on AND period.last_on
        AND (report.succeeded_on IS NULL OR report.succeeded_on > period.last_on)
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = report.unit_key
    QUALIFY row_number() OVER (
        PARTITION BY period.period, report.measure_code, unit.unit_key ORDER BY report.quarter_last_on DESC
    ) = 1
),
placed AS (
    SELECT period, measure_code, unnest(list_distinct([province_key, district_key, unit_key])) AS member_key,
        numerator, denominator
    FROM newest
)
SELECT
    CASE measure_code
        WHEN 'shared_databases' THEN 'T02'
        WHEN 'fibre_communes' THEN 'T06'
        WHEN 'fibre_households' THEN 'T07'
        WHEN 'accounts_15plus' THEN 'T08'
    END AS kpi_code,
    period,
    'unit' AS grain,
    member_key,
    sum(numerator)::BIGINT AS numerator,
    sum(denominator)::BIGINT AS denominator
FROM placed
WHERE member_key IS NOT NULL
GROUP BY measure_code, period, member_key
