-- name stage.agency_list_entry
-- grain một dòng của một danh mục cơ quan | one row of one list of agencies
-- purpose Bảng đóng gói và danh mục gửi đến, cùng một dạng; bảng đóng gói là danh mục đầu tiên của ngày nó có | The packaged table and the lists delivered, in one form; the packaged table is the first list of its days
WITH packaged AS (
    SELECT
        agency_code, valid_from, valid_to,
        concat_ws(
            chr(31), coalesce(short_code, chr(0)), name_vi, level, coalesce(unit_code, chr(0)), coalesce(parent_code, chr(0))
        ) AS facts
    FROM reference.agency
),
sent AS (
    SELECT * FROM ledger.agency_list
    UNION ALL BY NAME
    SELECT * FROM ledger.superseded_agency_list
),
unread AS (
    SELECT * FROM ledger.rejected_agency_list
    UNION ALL BY NAME
    SELECT * FROM ledger.rejected_superseded_agency_list
),
entry AS (
    SELECT
        agency_code, valid_from AS in_force_on, -1 AS delivery_no, NULL::VARCHAR AS source_sheet,
        NULL::BIGINT AS source_row, 'delta' AS list_kind, 'listed' AS said, facts
    FROM packaged
    UNION ALL
    SELECT agency_code, valid_to, -1, NULL, NULL, 'delta', 'ended', NULL
    FROM packaged
    WHERE valid_to IS NOT NULL
        AND (agency_code, valid_to) NOT IN (SELECT (agency_code, valid_from) FROM packaged)
    UNION ALL
    SELECT
        agency_code, period_first_on, delivery_no, source_sheet, source_row,
        coalesce(list_kind, 'full'), CASE WHEN is_ended THEN 'ended' ELSE 'listed' END,
        concat_ws(
            chr(31), coalesce(short_code, chr(0)), name_vi, level, coalesce(unit_code, chr(0)), coalesce(parent_code, chr(0))
        )
    FROM sent
    UNION ALL
    SELECT agency_code, period_first_on, delivery_no, source_sheet, source_row, NULL, 'unread', NULL
    FROM unread
    WHERE agency_code IS NOT NULL
)
SELECT
    'agency_list' AS list,
    entry.agency_code AS code,
    -- A list of part of the agencies speaks for provinces as wholes: H54.31.12 belongs to H54.
    split_part(entry.agency_code, '.', 1) AS scope,
    entry.in_force_on,
    entry.delivery_no,
    entry.source_sheet,
    entry.source_row,
    entry.list_kind,
    entry.said,
    entry.facts,
    entry.delivery_no = -1 AND entry.said = 'listed' AS starts_member
FROM entry
