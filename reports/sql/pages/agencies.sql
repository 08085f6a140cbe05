-- Every version of an agency by its short code.
SELECT agency_key, agency_code, short_code, name_vi, name_en, level, unit_code, valid_from, valid_to
FROM core.dim_agency
WHERE short_code IS NOT NULL
ORDER BY short_code, valid_from
