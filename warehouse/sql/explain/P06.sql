-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Tài khoản kích hoạt luỹ kế (chia cho chỉ tiêu Bộ giao), tuần mới nhất trong kỳ của mỗi xã | Accounts activated so far (over the ministry’s target), the newest week of the period of each commune
SELECT sum(newest.persons) AS numerator, NULL AS denominator
FROM (
    SELECT
        arg_max(report.eid_activated_cumulative, report.week_last_on) AS persons
    FROM core.fact_identity_issuance AS report
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = report.unit_key
    WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
        AND report.week_last_on BETWEEN $first_on AND $last_on
        AND (report.succeeded_on IS NULL OR report.succeeded_on > $last_on)
    GROUP BY report.unit_key
) AS newest
