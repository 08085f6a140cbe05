-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Cơ sở dữ liệu đã kết nối ÷ cơ sở dữ liệu trong danh mục: quý mới nhất trong kỳ (toàn tỉnh) | Databases connected ÷ databases listed: the newest quarter of the period (province)
SELECT count(*) FILTER (WHERE newest.is_counted) AS numerator, count(*) AS denominator
FROM (
    SELECT report.database_code, report.is_connected AS is_counted
    FROM core.fact_database_connection AS report
    WHERE report.quarter_last_on BETWEEN $first_on AND $last_on
    QUALIFY report.quarter_last_on = max(report.quarter_last_on) OVER (PARTITION BY report.database_code)
) AS newest
