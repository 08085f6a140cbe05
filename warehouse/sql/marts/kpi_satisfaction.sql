-- name mart.kpi_satisfaction
-- grain chỉ tiêu × kỳ × (đơn vị, cơ quan hoặc dịch vụ) | indicator × period × (unit, agency or service)
-- purpose Điểm hài lòng, tỷ lệ hài lòng, phản ánh được trả lời đúng hạn | Mean satisfaction, share satisfied, feedback answered on time
-- clearance analyst
-- key kpi_code, period, grain, member_key
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ | Period
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan), service (thủ tục, dịch vụ thiết yếu) | unit (province, district, commune), agency, service (procedure, essential service)
-- column member_key | Phiên bản đơn vị, mã cơ quan, mã thủ tục, hoặc TY và số thứ tự của dịch vụ thiết yếu | Version of the unit, agency code, procedure code, or TY and the number of the essential service
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
-- column doubt | double_counting: hơn một phần tư phiếu là của người trả lời quá ba lần trong tháng | double_counting: more than a quarter of the answers are by persons who answered more than three times in a month
WITH response AS (
    SELECT
        (answer.period || '-01')::DATE AS month_first_on,
        answer.overall_score,
        answer.overall_score IS NOT NULL AND answer.responses_by_person > 3 AS is_repeated,
        answer.is_answered_on_time,
        list_distinct([unit.province_key, unit.district_key, unit.unit_key]) AS unit_keys,
        agency.agency_code,
        [service.procedure_code, 'TY' || lpad(service.service_no::VARCHAR, 2, '0')] AS service_codes
    FROM core.fact_satisfaction AS answer
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = answer.unit_key
    JOIN core.dim_agency AS agency ON agency.agency_key = answer.agency_key
    JOIN core.dim_service AS service ON service.service_key = answer.service_key
),
placed AS (
    SELECT 'unit' AS grain, unnest(unit_keys) AS member_key, month_first_on, overall_score, is_repeated,
        is_answered_on_time
    FROM response
    UNION ALL
    SELECT 'agency', agency_code, month_first_on, overall_score, is_repeated, is_answered_on_time
    FROM response
    UNION ALL
    SELECT 'service', unnest(service_codes), month_first_on, overall_score, is_repeated, is_answered_on_time
    FROM response
),
summed AS (
    SELECT
        period.period,
        placed.grain,
        placed.member_key,
        sum(placed.overall_score) AS score,
        count(*) FILTER (WHERE placed.overall_score >= 4) AS satisfied,
        count(placed.overall_score) AS answers,
        count(*) FILTER (WHERE placed.is_repeated) AS repeated,
        count(*) FILTER (WHERE placed.is_answered_on_time) AS on_time,
        count(placed.is_answered_on_time) AS feedback
    FROM placed
    JOIN core.dim_period AS period ON placed.month_first_on BETWEEN period.first_on AND period.last_on
    WHERE placed.member_key IS NOT NULL AND period.period_kind <> 'quarter'
    GROUP BY period.period, placed.grain, placed.member_key
),
figure AS (
    SELECT
        period,
        grain,
        member_key,
        unnest([
            {'kpi_code': 'S01', 'numerator': score, 'denominator': answers, 'repeated': repeated},
            {'kpi_code': 'S02', 'numerator': satisfied, 'denominator': answers, 'repeated': repeated},
            {'kpi_code': 'S03', 'numerator': on_time, 'denominator': feedback, 'repeated': 0}
        ]) AS kpi
    FROM summed
)
SELECT
    kpi.kpi_code AS kpi_code,
    period,
    grain,
    member_key,
    kpi.numerator::BIGINT AS numerator,
    kpi.denominator::BIGINT AS denominator,
    CASE WHEN 4 * kpi.repeated > kpi.denominator THEN 'double_counting' END AS doubt
FROM figure
WHERE kpi.denominator > 0
