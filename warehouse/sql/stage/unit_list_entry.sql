-- name stage.unit_list_entry
-- grain một dòng của một danh mục đơn vị hành chính | one row of one list of administrative units
-- purpose Bảng đóng gói và danh mục gửi đến, cùng một dạng; bảng đóng gói là danh mục đầu tiên của ngày nó có | The packaged table and the lists delivered, in one form; the packaged table is the first list of its days
WITH packaged AS (
    SELECT
        unit_code, province_code, valid_from, valid_to,
        concat_ws(chr(31), level, unit_type, name, coalesce(parent_code, chr(0)), province_code) AS facts
    FROM reference.administrative_unit
),
sent AS (
    SELECT * FROM ledger.administrative_unit_list
    UNION ALL BY NAME
    SELECT * FROM ledger.superseded_administrative_unit_list
),
unread AS (
    SELECT * FROM ledger.rejected_administrative_unit_list
    UNION ALL BY NAME
    SELECT * FROM ledger.rejected_superseded_administrative_unit_list
),
entry AS (
    SELECT
        unit_code, province_code, valid_from AS in_force_on, -1 AS delivery_no, NULL::VARCHAR AS source_sheet,
        NULL::BIGINT AS source_row, 'delta' AS list_kind, 'listed' AS said, facts
    FROM packaged
    UNION ALL
    SELECT unit_code, province_code, valid_to, -1, NULL, NULL, 'delta', 'ended', NULL
    FROM packaged
    WHERE valid_to IS NOT NULL
        AND (unit_code, valid_to) NOT IN (SELECT (unit_code, valid_from) FROM packaged)
    UNION ALL
    SELECT
        unit_code, province_code, period_first_on, delivery_no, source_sheet, source_row,
        coalesce(list_kind, 'full'), CASE WHEN is_ended THEN 'ended' ELSE 'listed' END,
        concat_ws(chr(31), level, unit_type, name, coalesce(parent_code, chr(0)), province_code)
    FROM sent
    UNION ALL
    SELECT unit_code, NULL, period_first_on, delivery_no, source_sheet, source_row, NULL, 'unread', NULL
    FROM unread
    WHERE unit_code IS NOT NULL
)
SELECT
    'administrative_unit_list' AS list,
    entry.unit_code AS code,
    entry.province_code AS scope,
    entry.in_force_on,
    entry.delivery_no,
    entry.source_sheet,
    entry.source_row,
    entry.list_kind,
    entry.said,
    entry.facts,
    -- A unit made out of others is another one, even where it keeps a code and a name.
    entry.said = 'listed' AND made.new_code IS NOT NULL AS starts_member
FROM entry
LEFT JOIN (SELECT DISTINCT new_code, effective_on FROM stage.succession WHERE subject = 'unit') AS made
    ON made.new_code = entry.unit_code AND made.effective_on = entry.in_force_on
