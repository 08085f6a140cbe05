-- name stage.list_delivery
-- grain một danh mục gửi đến, hoặc bảng đóng gói ở một ngày | one list delivered, or the packaged table on one day
-- purpose Danh mục nào nói về ngày nào, đầy đủ hay chỉ một phần, ai đã quyết định về nó | Which list speaks about which day, whether it is full or only a part, and what was decided about it
WITH row_kind AS (
    SELECT list, delivery_no, list_kind, scope, said FROM stage.unit_list_entry
    UNION ALL
    SELECT list, delivery_no, list_kind, scope, said FROM stage.agency_list_entry
    UNION ALL
    SELECT list, delivery_no, list_kind, scope, said FROM stage.service_list_entry
),
told AS (
    SELECT
        list,
        delivery_no,
        -- A list that contradicts itself, or of which no row could be read, is taken for what closes least.
        CASE
            WHEN bool_or(list_kind = 'delta') OR bool_and(said = 'unread') THEN 'delta'
            WHEN bool_or(list_kind = 'partial') THEN 'partial'
            ELSE 'full'
        END AS list_kind,
        list(DISTINCT scope) FILTER (list_kind = 'partial') AS scopes,
        count(*) FILTER (said <> 'unread') AS rows_listed
    FROM row_kind
    WHERE delivery_no >= 0
    GROUP BY list, delivery_no
),
decision AS (
    SELECT list_sha256, arg_max(decision, (delivery_no, source_row)) AS decision
    FROM ledger.list_decision
    GROUP BY list_sha256
),
delivered AS (
    SELECT sending.extract AS list, sending.period_first_on AS in_force_on, sending.delivery_no, sending.delivery_id,
        sending.sha256
    FROM ledger.sending AS sending
    JOIN ledger.reference_list AS declared ON declared.extract = sending.extract
    WHERE sending.status IN ('accepted', 'superseded')
    QUALIFY row_number() OVER (
        PARTITION BY sending.delivery_id ORDER BY sending.status = 'accepted' DESC, sending.delivery_no DESC
    ) = 1
),
known AS (
    SELECT
        delivered.list,
        delivered.in_force_on,
        delivered.delivery_no,
        delivered.delivery_id,
        coalesce(told.list_kind, 'delta') AS list_kind,
        told.scopes,
        coalesce(told.rows_listed, 0) AS rows_listed,
        decision.decision
    FROM delivered
    LEFT JOIN told ON told.list = delivered.list AND told.delivery_no = delivered.delivery_no
    LEFT JOIN decision ON decision.list_sha256 = delivered.sha256
    UNION ALL
    SELECT DISTINCT list, in_force_on, -1, NULL, 'delta', NULL::VARCHAR[], NULL::BIGINT, NULL
    FROM stage.unit_list_entry
    WHERE delivery_no = -1
    UNION ALL
    SELECT DISTINCT list, in_force_on, -1, NULL, 'delta', NULL::VARCHAR[], NULL::BIGINT, NULL
    FROM stage.agency_list_entry
    WHERE delivery_no = -1
)
SELECT
    known.*,
    dense_rank() OVER (PARTITION BY known.list ORDER BY known.in_force_on) AS list_no,
    declared.most_missing_share,
    declared.missing_allowed
FROM known
JOIN ledger.reference_list AS declared ON declared.extract = known.list
