-- The newest name of every agency that sends files, by its short code.
SELECT short_code, name_vi, name_en
FROM core.dim_agency
WHERE short_code IS NOT NULL
QUALIFY valid_from = max(valid_from) OVER (PARTITION BY short_code)
ORDER BY short_code
