-- name mart.kpi_score
-- grain nhóm điểm × kỳ × (đơn vị hoặc cơ quan) biết ít nhất một thành phần | group of points × period × (unit or agency) of which at least one part is known
-- purpose Bộ chỉ số phục vụ người dân, doanh nghiệp: sáu nhóm và tổng; trọng số trong từng nhóm là giả định | The index of service to people and businesses: its six groups and their total; weights within a group are assumed
-- clearance analyst
-- key kpi_code, period, grain, member_key
-- slices period
-- column kpi_code | Nhóm, hoặc M07 là tổng | Group, or M07 for the total
-- column period | Kỳ | Period
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan) | unit (province, district, commune), agency
-- column member_key | Phiên bản đơn vị, hoặc mã cơ quan | Version of the unit, or agency code
-- column numerator | Điểm đạt được, tính bằng phần trăm điểm; trống khi thiếu một thành phần | Points gained, in hundredths of a point; empty where a part is missing
-- column denominator | Điểm tối đa, tính bằng phần trăm điểm | Points to be had, in hundredths of a point
WITH part AS (
    SELECT kpi_code, part_code, grain, points FROM reference.score_part
    UNION ALL
    SELECT 'M07', part_code, grain, points FROM reference.score_part
),
counted AS (
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_dossiers WHERE grain <> 'service'
    UNION ALL
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_services
    UNION ALL
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_satisfaction WHERE grain <> 'service'
    UNION ALL
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_connections
),
share AS (
    SELECT * FROM counted WHERE denominator > 0 AND kpi_code IN (SELECT part_code FROM reference.score_part)
),
member AS (
    SELECT DISTINCT share.period, share.grain, share.member_key, coalesce(unit.level, 'agency') AS part_grain
    FROM share
    LEFT JOIN core.dim_administrative_unit AS unit ON share.grain = 'unit' AND unit.unit_key = share.member_key
)
SELECT
    part.kpi_code,
    member.period,
    member.grain,
    member.member_key,
    CASE
        WHEN count(share.denominator) = count(*)
            THEN sum(round(100 * part.points * share.numerator / share.denominator)::BIGINT)
    END::BIGINT AS numerator,
    sum(100 * part.points)::BIGINT AS denominator
FROM member
JOIN part ON part.grain = member.part_grain
LEFT JOIN share
    ON share.kpi_code = part.part_code
    AND share.period = member.period
    AND share.grain = member.grain
    AND share.member_key = member.member_key
GROUP BY part.kpi_code, member.period, member.grain, member.member_key
