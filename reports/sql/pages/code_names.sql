-- What units, agencies and shared databases are called whose codes stand in rows of a period, each as it was called last
-- in it, by the column that holds the code.
SELECT 'unit_code' AS column_name, unit_code AS code, full_name AS name_vi, name_en, unit_type
FROM core.dim_administrative_unit
WHERE valid_from < $day_after AND (valid_to IS NULL OR valid_to > $first_day)
QUALIFY valid_from = max(valid_from) OVER (PARTITION BY unit_code)
UNION ALL
SELECT 'agency_code', agency_code, name_vi, name_en, ''
FROM core.dim_agency
WHERE valid_from < $day_after AND (valid_to IS NULL OR valid_to > $first_day)
QUALIFY valid_from = max(valid_from) OVER (PARTITION BY agency_code)
UNION ALL
SELECT 'database_code', database_code, database_name, database_name, ''
FROM core.dim_shared_database
