-- name stage.succession
-- grain một mã cũ × một mã nhận nó | one former code and one code it went into
-- purpose Sáp nhập, chia tách, thay mã: theo bảng đóng gói và theo danh mục gửi đến; danh mục gửi đến nói lại về một mã thì thay bảng đóng gói | Mergers, splits and changes of code, packaged and delivered; what was delivered about a code replaces what is packaged
WITH sent AS (
    SELECT
        subject, old_code, new_code, period_first_on AS effective_on, legal_act, delivery_id, source_row,
        -- One successor without a share took all; among several, nothing is guessed.
        CASE
            WHEN share IS NOT NULL THEN share
            WHEN count(*) OVER (PARTITION BY subject, old_code, period_first_on) = 1 THEN 1
        END AS share
    FROM ledger.succession_list
    QUALIFY row_number() OVER (
        PARTITION BY subject, old_code, new_code, period_first_on ORDER BY delivery_no DESC, source_row DESC
    ) = 1
),
packaged AS (
    SELECT
        'unit' AS subject, old_code, new_code, effective_on, share, change, legal_act, evidence, 'known' AS basis, source
    FROM reference.unit_succession
    UNION ALL
    SELECT 'agency', old_code, new_code, effective_on, 1, 'merged', legal_act, NULL, basis, source
    FROM reference.agency_succession
)
SELECT subject, old_code, new_code, effective_on, share, change, legal_act, evidence, basis, source
FROM packaged
ANTI JOIN sent USING (subject, old_code, effective_on)
UNION ALL
SELECT
    subject, old_code, new_code, effective_on, share,
    CASE
        WHEN share IS DISTINCT FROM 1 THEN 'split'
        WHEN old_code = new_code THEN 'merged_keeping_code'
        ELSE 'merged'
    END,
    legal_act, NULL, 'known', 'delivery ' || delivery_id || ', row ' || source_row
FROM sent
