-- name stage.dossier_rejected
-- grain một hồ sơ có bản ghi bị loại | one dossier with rejected records
-- purpose Lần thay đổi mới nhất bị loại của mỗi hồ sơ, ở cổng hoặc trong kho | The newest change of each dossier that was rejected, at the gate or in the release
-- slices dossier
WITH rejected AS (
    SELECT dossier_code, updated_at FROM ledger.rejected_one_stop_dossier
    UNION ALL
    SELECT dossier_code, updated_at FROM stage.dossier_record WHERE is_counting AND NOT is_sound
)
SELECT dossier_code, max(updated_at) AS newest_rejected_at
FROM rejected
WHERE dossier_code IS NOT NULL AND updated_at IS NOT NULL
GROUP BY dossier_code
