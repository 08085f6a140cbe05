-- name audits.conservation
-- grain một phương trình không khớp | one equation that does not balance
-- purpose Không mất dòng, không tính hai lần | No row lost, none counted twice
SELECT * FROM quality.conservation WHERE difference_rows IS DISTINCT FROM 0
