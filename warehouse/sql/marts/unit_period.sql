-- name mart.unit_period
-- grain kỳ × phiên bản đơn vị hành chính có hiệu lực trong kỳ | period × version of an administrative unit valid in it
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
    coalesce(unit.valid_to, DATE '9999-12-31') > period.last_on AS is_valid_at_end
FROM core.dim_period AS period
JOIN core.dim_administrative_unit AS unit
    ON unit.valid_from <= period.last_on
    AND coalesce(unit.valid_to, DATE '9999-12-31') > period.first_on
