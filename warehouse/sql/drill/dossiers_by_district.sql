-- grain huyện | district
-- purpose Hồ sơ theo huyện của xã: nối bảng sự kiện với chiều | Dossiers by the district of their commune: a join of fact and dimension
SELECT unit.district_code, count(*) AS dossiers
FROM core.fact_dossier AS dossier
LEFT JOIN core.dim_administrative_unit AS unit USING (unit_key)
GROUP BY ALL
ORDER BY ALL
