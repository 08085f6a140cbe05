-- grain cấp | level
-- purpose Phiên bản đơn vị hành chính theo cấp, và số đang hiệu lực | Versions of administrative units by level, and those in force
SELECT level, count(*) AS versions, count(*) FILTER (WHERE valid_to IS NULL) AS in_force
FROM core.dim_administrative_unit
GROUP BY ALL
ORDER BY ALL
