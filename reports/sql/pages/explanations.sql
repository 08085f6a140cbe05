-- How each indicator is counted again from the core tables.
SELECT kpi_code, formula_vi, formula_en, sql
FROM meta.kpi_sql
ORDER BY kpi_code
