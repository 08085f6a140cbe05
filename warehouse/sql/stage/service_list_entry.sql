-- name stage.service_list_entry
-- grain một dòng của một danh mục thủ tục | one row of one list of procedures
-- purpose Danh mục thủ tục hành chính gửi đến, ở dạng chung của các danh mục; danh mục nào cũng đầy đủ | The procedure lists delivered, in the form that all lists share; each of them is a full one
WITH sent AS (
    SELECT * FROM ledger.procedure_catalogue
    UNION ALL BY NAME
    SELECT * FROM ledger.superseded_procedure_catalogue
),
unread AS (
    SELECT * FROM ledger.rejected_procedure_catalogue
    UNION ALL BY NAME
    SELECT * FROM ledger.rejected_superseded_procedure_catalogue
)
SELECT
    'procedure_catalogue' AS list,
    procedure_code AS code,
    NULL::VARCHAR AS scope,
    period_first_on AS in_force_on,
    delivery_no,
    source_sheet,
    source_row,
    'full' AS list_kind,
    'listed' AS said,
    concat_ws(
        chr(31),
        coalesce(procedure_name, chr(0)),
        coalesce(field_name, chr(0)),
        coalesce(agency_code, chr(0)),
        coalesce(service_level, chr(0)),
        coalesce(full_process_eligible::VARCHAR, chr(0)),
        coalesce(processing_days::VARCHAR, chr(0)),
        coalesce(decision_no, chr(0))
    ) AS facts,
    FALSE AS starts_member
FROM sent
UNION ALL
SELECT
    'procedure_catalogue', procedure_code, NULL, period_first_on, delivery_no, source_sheet, source_row, NULL,
    'unread', NULL, FALSE
FROM unread
WHERE procedure_code IS NOT NULL
