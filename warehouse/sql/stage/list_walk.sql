-- name stage.list_walk
-- grain một mã còn hiệu lực sau một danh mục, hoặc (không có mã) một danh mục đã xét | one code in force after a list, or (without a code) one list judged
-- purpose Đi qua các ngày theo thứ tự: danh mục nào bị giữ lại, mã nào còn hiệu lực | Walks through the days in order: which lists are held, which codes are in force
WITH RECURSIVE walk AS (
    SELECT
        list, 0::BIGINT AS list_no, NULL::VARCHAR AS code, NULL::VARCHAR AS scope, NULL::VARCHAR AS facts,
        FALSE AS starts_member, NULL::INTEGER AS delivery_no, NULL::VARCHAR AS source_sheet, NULL::BIGINT AS source_row,
        NULL::BIGINT AS codes_expected, NULL::BIGINT AS codes_missing, NULL::BOOLEAN AS is_held
    FROM stage.list_delivery
    GROUP BY list
    UNION ALL (
        WITH step AS (
            SELECT DISTINCT delivery.list, delivery.list_no
            FROM (SELECT DISTINCT list, list_no + 1 AS list_no FROM walk) AS next
            JOIN stage.list_delivery AS delivery ON delivery.list = next.list AND delivery.list_no = next.list_no
        ),
        running AS (
            SELECT list, code, scope, facts, delivery_no, source_sheet, source_row FROM walk WHERE code IS NOT NULL
        ),
        delivery AS (
            SELECT delivery.* FROM stage.list_delivery AS delivery SEMI JOIN step USING (list, list_no)
        ),
        entry AS (
            SELECT entry.* FROM stage.list_entry AS entry SEMI JOIN step USING (list, list_no)
        ),
        compared AS (
            -- What a list speaks for as a whole, held against the codes in force before its day.
            SELECT
                delivery.list,
                delivery.list_no,
                delivery.delivery_no,
                count(running.code) AS codes_expected,
                count(running.code) FILTER (entry.code IS NULL) AS codes_missing
            FROM delivery
            LEFT JOIN running
                ON running.list = delivery.list
                AND (
                    delivery.list_kind = 'full'
                    OR (delivery.list_kind = 'partial' AND list_contains(delivery.scopes, running.scope))
                )
            LEFT JOIN entry
                ON entry.list = delivery.list
                AND entry.delivery_no = delivery.delivery_no
                AND entry.code = running.code
            GROUP BY delivery.list, delivery.list_no, delivery.delivery_no
        ),
        verdict AS (
            SELECT
                delivery.*,
                compared.codes_expected,
                compared.codes_missing,
                CASE delivery.decision
                    WHEN 'accepted' THEN FALSE
                    WHEN 'rejected' THEN TRUE
                    ELSE compared.codes_missing > delivery.missing_allowed
                        AND compared.codes_missing > delivery.most_missing_share * compared.codes_expected
                END AS is_held
            FROM delivery
            JOIN compared ON compared.list = delivery.list AND compared.delivery_no = delivery.delivery_no
        ),
        full_cover AS (
            SELECT list, max(delivery_no) AS delivery_no
            FROM verdict
            WHERE NOT is_held AND list_kind = 'full'
            GROUP BY list
        ),
        partial_cover AS (
            SELECT list, scope, max(delivery_no) AS delivery_no
            FROM (SELECT list, delivery_no, unnest(scopes) AS scope FROM verdict WHERE NOT is_held)
            GROUP BY list, scope
        ),
        live AS (
            -- A later list for the same day replaces an earlier one as far as it speaks; then the last row of a code counts.
            SELECT entry.*
            FROM entry
            JOIN verdict
                ON verdict.list = entry.list AND verdict.delivery_no = entry.delivery_no AND NOT verdict.is_held
            LEFT JOIN full_cover ON full_cover.list = entry.list
            LEFT JOIN partial_cover ON partial_cover.list = entry.list AND partial_cover.scope = entry.scope
            WHERE entry.delivery_no >= greatest(coalesce(full_cover.delivery_no, -1), coalesce(partial_cover.delivery_no, -1))
            QUALIFY row_number() OVER (PARTITION BY entry.list, entry.code ORDER BY entry.delivery_no DESC) = 1
        )
        SELECT
            list, list_no, NULL, NULL, NULL, FALSE, delivery_no, NULL, NULL, codes_expected, codes_missing, is_held
        FROM verdict
        UNION ALL
        SELECT list, list_no, code, scope, facts, starts_member, delivery_no, source_sheet, source_row, NULL, NULL, NULL
        FROM live
        WHERE said = 'listed'
        UNION ALL
        SELECT
            running.list, step.list_no, running.code, running.scope, running.facts, FALSE, running.delivery_no,
            running.source_sheet, running.source_row, NULL, NULL, NULL
        FROM running
        JOIN step ON step.list = running.list
        LEFT JOIN live ON live.list = running.list AND live.code = running.code
        LEFT JOIN full_cover ON full_cover.list = running.list
        LEFT JOIN partial_cover ON partial_cover.list = running.list AND partial_cover.scope = running.scope
        -- A row that could not be read says that its code is still there.
        WHERE live.said = 'unread'
            OR (live.code IS NULL AND full_cover.list IS NULL AND partial_cover.list IS NULL)
    )
)
SELECT * FROM walk WHERE list_no > 0
