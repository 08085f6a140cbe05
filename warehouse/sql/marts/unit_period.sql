-- name mart.unit_period
-- grain kỳ × phiên bản đơn vị hành chính có hiệu lực hoặc còn hồ sơ dở dang trong kỳ | period × version of an administrative unit valid in it, or ended with dossiers still open
-- purpose Khung của bảng điểm: kỳ nào có đơn vị nào | The frame of the scorecard: which units a period has
-- clearance open
-- key period, unit_key
-- column period | Kỳ | Period
-- column period_kind | Loại kỳ | Kind of period
-- column year_period | Năm của kỳ | Year of the period
-- column first_on | Ngày đầu kỳ | First day
-- column last_on | Ngày cuối kỳ | Last day
-- column unit_key | Phiên bản đơn vị | Version of the unit
-- column unit_code | Mã đơn vị | Unit code
-- column level | Cấp | Level
-- column district_code | Mã huyện | District code
-- column province_code | Mã tỉnh | Province code
-- column district_key | Phiên bản của huyện | Version of its district
-- column province_key | Phiên bản của tỉnh | Version of its province
-- column is_valid_at_end | Còn hiệu lực cuối kỳ | Whether it is valid on the last day
-- column is_valid | Có hiệu lực trong kỳ; nếu không, đơn vị đã hết hiệu lực nhưng còn hồ sơ chưa giải quyết xong | Whether it is valid in the period; if not, it has ended and dossiers received before are still open
WITH worked AS (
    -- A dossier stays with the unit that received it, so an ended unit is counted on until its last one is closed.
    SELECT DISTINCT unnest([unit_key, district_key, province_key]) AS unit_key, received_month, closed_month
    FROM mart.dossier_cohort
    WHERE grain = 'unit'
),
lingering AS (
    SELECT DISTINCT period.period, unit.unit_key
    FROM worked
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = worked.unit_key
    JOIN core.dim_period AS period
        ON unit.valid_to <= period.first_on
        AND worked.received_month <= period.last_on
        AND coalesce(worked.closed_month >= period.first_on, TRUE)
)
SELECT
    period.period,
    period.period_kind,
    period.year_period,
    period.first_on,
    period.last_on,
    unit.unit_key,
    unit.unit_code,
    unit.level,
    unit.district_code,
    unit.province_code,
    unit.district_key,
    unit.province_key,
    coalesce(unit.valid_to, DATE '9999-12-31') > period.last_on AS is_valid_at_end,
    lingering.unit_key IS NULL AS is_valid
FROM core.dim_period AS period
CROSS JOIN core.dim_administrative_unit AS unit
LEFT JOIN lingering ON lingering.period = period.period AND lingering.unit_key = unit.unit_key
WHERE lingering.unit_key IS NOT NULL
    OR (
        unit.valid_from <= period.last_on
        AND coalesce(unit.valid_to, DATE '9999-12-31') > period.first_on
    )
