-- name stage.dossier_tally
-- grain một tháng trong mã hồ sơ | one month in the dossier codes
-- purpose Bao nhiêu bản ghi được tính, của bao nhiêu hồ sơ | How many records count, and of how many dossiers
-- slices dossier
SELECT registered_month, count(*) AS records, count(DISTINCT dossier_code) AS dossiers
FROM stage.dossier_record
WHERE is_counting AND is_sound
GROUP BY registered_month
