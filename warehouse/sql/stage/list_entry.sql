-- name stage.list_entry
-- grain một mã trong một danh mục | one code in one list
-- purpose Dòng của mọi danh mục, mỗi mã một lần trong một danh mục: dòng cuối | The rows of all lists, each code once a list: its last row
WITH entry AS (
    SELECT * FROM stage.unit_list_entry
    UNION ALL BY NAME
    SELECT * FROM stage.agency_list_entry
    UNION ALL BY NAME
    SELECT * FROM stage.service_list_entry
)
SELECT entry.* EXCLUDE (list_kind, facts), md5(entry.facts) AS facts, delivery.list_no
FROM entry
JOIN stage.list_delivery AS delivery
    ON delivery.list = entry.list
    AND delivery.delivery_no = entry.delivery_no
    AND delivery.in_force_on = entry.in_force_on
QUALIFY row_number() OVER (
    PARTITION BY entry.list, entry.in_force_on, entry.delivery_no, entry.code
    ORDER BY entry.said = 'unread', entry.source_sheet DESC, entry.source_row DESC
) = 1
