-- name quality.conservation
-- grain một lần gửi hoặc một bảng × một phương trình | delivery or table × equation
-- purpose Không dòng nào mất, không dòng nào tính hai lần: hai vế phải bằng nhau | No row lost, none counted twice: both sides must be equal
-- clearance open
-- key scope, subject, equation
-- column scope | delivery hoặc fact | delivery or fact
-- column subject | Mã nội dung gửi hoặc tên bảng | Delivery or table
-- column equation | Phương trình | Equation
-- column total_rows | Vế trái | Left side
-- column explained_rows | Vế phải | Right side
-- column difference_rows | Chênh lệch, phải bằng 0 | Difference, must be 0
WITH fact AS (
    SELECT
        fact AS name,
        extract,
        shown_rows,
        older_rows,
        set_aside_rows,
        -- An extract that feeds two facts: its rows for this one.
        CASE WHEN count(*) OVER (PARTITION BY extract) > 1 THEN ledger_rows END AS share_rows
    FROM stage.fact_tally
    UNION ALL
    -- Dossiers are tallied month by month, where they are read.
    SELECT
        'core.fact_dossier',
        'one_stop_dossier',
        (SELECT count(*) FROM core.fact_dossier),
        (SELECT coalesce(sum(records - dossiers), 0)::BIGINT FROM stage.dossier_tally),
        (SELECT count(*) FROM stage.set_aside_row WHERE extract = 'one_stop_dossier'),
        NULL
),
accepted AS (
    SELECT extract, sum(rows)::BIGINT AS rows FROM stage.ledger_rows GROUP BY extract
),
deleted AS (
    SELECT extract, count(*) AS rows FROM ledger.deleted_row GROUP BY extract
),
side AS (
    SELECT
        'delivery' AS scope,
        delivery_id AS subject,
        'positions = set aside + rows read' AS equation,
        positions AS total_rows,
        rows_set_aside + rows_read AS explained_rows
    FROM ledger.receipt
    WHERE rows_read IS NOT NULL
    UNION ALL
    SELECT
        'delivery',
        delivery_id,
        'rows read = accepted + quarantined + structural',
        rows_read,
        rows_accepted + rows_quarantined + rows_structural
    FROM ledger.receipt
    WHERE rows_read IS NOT NULL
    UNION ALL
    SELECT
        'delivery',
        receipt.delivery_id,
        'accepted = rows in the ledger',
        receipt.rows_accepted,
        coalesce(ledger_rows.rows, 0)
    FROM ledger.receipt AS receipt
    JOIN ledger.sending AS sending
        ON sending.delivery_id = receipt.delivery_id AND sending.status = 'accepted'
    LEFT JOIN stage.ledger_rows AS ledger_rows ON ledger_rows.delivery_id = receipt.delivery_id
    UNION ALL
    SELECT
        'fact',
        fact.name,
        'accepted at the gate = in the fact + older states + deleted by the supplier + quarantined in the release',
        coalesce(fact.share_rows, accepted.rows, 0),
        fact.shown_rows + fact.older_rows + coalesce(deleted.rows, 0) + fact.set_aside_rows
    FROM fact
    LEFT JOIN accepted ON accepted.extract = fact.extract
    LEFT JOIN deleted ON deleted.extract = fact.extract
)
SELECT scope, subject, equation, total_rows, explained_rows, total_rows - explained_rows AS difference_rows
FROM side
