-- name stage.fact_tally
-- grain một bảng sự kiện | one fact
-- purpose Dòng của sổ mà bảng được lập từ đó: bao nhiêu để riêng, bao nhiêu là trạng thái cũ của cùng một khoá | Of the ledger's rows that a fact is made from, how many are set aside and how many are older states of a key
-- each core.fact_* except core.fact_dossier
SELECT
    each.name AS fact,
    each.extract AS extract,
    (SELECT count(*) FROM each.model) AS shown_rows,
    count(*) AS ledger_rows,
    count(*) FILTER (set_aside.delivery_id IS NOT NULL) AS set_aside_rows,
    count(*) FILTER (set_aside.delivery_id IS NULL)
        - count(DISTINCT each.key) FILTER (set_aside.delivery_id IS NULL) AS older_rows
FROM each.ledger AS record
LEFT JOIN stage.set_aside_row AS set_aside
    ON set_aside.extract = each.extract
    AND set_aside.delivery_id = record.delivery_id
    AND set_aside.source_row = record.source_row
    AND set_aside.source_sheet IS NOT DISTINCT FROM record.source_sheet
