-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Thẻ đã cấp luỹ kế ÷ người đủ điều kiện, tuần mới nhất trong kỳ của mỗi xã | Cards issued so far ÷ eligible persons, the newest week of the period of each commune
SELECT sum(newest.persons) AS numerator, sum(newest.eligible_persons) AS denominator
FROM (
    SELECT
        arg_max(report.eligible_persons, report.week_last_on) AS eligible_persons,
        arg_max(report.cards_issued_cumulative, report.week_last_on) AS persons
    FROM core.fact_identity_issuance AS report
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = report.unit_key
    WHERE $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
        AND report.week_last_on BETWEEN $first_on AND $last_on
        AND (report.succeeded_on IS NULL OR report.succeeded_on > $last_on)
    GROUP BY report.unit_key
) AS newest
