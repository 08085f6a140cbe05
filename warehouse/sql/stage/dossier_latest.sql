-- name stage.dossier_latest
-- grain một hồ sơ | one dossier
-- purpose Trạng thái mới nhất theo thời điểm cập nhật, rồi lần gửi, rồi vị trí trong tệp | The latest state by event time, then sending, then position
-- slices dossier
WITH latest AS (
    SELECT
        -- Four times as fast as numbering the rows of each dossier in a window.
        arg_max(
            {
                'delivery_no': delivery_no,
                'source_sheet': source_sheet,
                'source_row': source_row,
                'service_key': service_key,
                'is_essential': is_essential,
                'agency_key': agency_key,
                'unit_key': unit_key
            },
            (updated_at, delivery_no, coalesce(source_sheet, ''), source_row)
        ) AS state
    FROM stage.dossier_record
    WHERE is_counting AND is_sound
    GROUP BY dossier_code
)
SELECT
    state.delivery_no AS delivery_no,
    state.source_sheet AS source_sheet,
    state.source_row AS source_row,
    state.service_key AS service_key,
    state.is_essential AS is_essential,
    state.agency_key AS agency_key,
    state.unit_key AS unit_key
FROM latest
