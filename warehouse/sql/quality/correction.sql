-- name quality.correction
-- grain một lần gửi đính chính đang tính | one delivery of corrections that counts
-- purpose Đính chính sửa bao nhiêu dòng của tệp chính, bao nhiêu dòng thay dòng đã bị loại, bao nhiêu dòng tệp chính không có | How many rows of the corrected report it replaces, how many stand for rows that were rejected, how many the report does not have
-- clearance open
-- key delivery_id
-- column delivery_id | Mã nội dung gửi | Delivery
-- column extract | Biểu | Extract
-- column supplier_code | Đơn vị gửi | Supplier
-- column period | Kỳ | Period
-- column rows | Số dòng đính chính | Rows in it
-- column rows_replacing | Dòng thay một dòng cùng khoá đã nhận trước | Rows in place of an earlier accepted row with the same key
-- column rows_mending | Dòng thay một dòng cùng khoá đã bị loại ở cổng | Rows in place of an earlier row with the same key that the gate rejected
-- column rows_new | Dòng mà tệp chính không có: thêm vào, nên xem lại | Rows whose key the report does not have: added, worth a look
WITH row AS (
    SELECT
        *,
        part = 'corrections' OR ends_with(part, '/corrections') AS is_correction,
        nullif(regexp_replace(part, '(^|/)corrections$', ''), '') AS corrected_part
    FROM ledger.keyed_row
),
matched AS (
    SELECT
        own.delivery_id,
        own.extract,
        own.supplier_code,
        own.period,
        own.key,
        bool_or(NOT earlier.is_rejected) AS replaces,
        bool_or(earlier.is_rejected) AS mends
    FROM row AS own
    LEFT JOIN row AS earlier
        ON earlier.extract = own.extract
        AND earlier.supplier_code = own.supplier_code
        AND earlier.period = own.period
        AND earlier.corrected_part IS NOT DISTINCT FROM own.corrected_part
        AND earlier.key = own.key
        AND earlier.delivery_no < own.delivery_no
    WHERE own.is_correction AND NOT own.is_rejected
    GROUP BY ALL
)
SELECT
    delivery_id,
    extract,
    supplier_code,
    period,
    count(*) AS rows,
    count(*) FILTER (WHERE replaces) AS rows_replacing,
    count(*) FILTER (WHERE mends AND NOT coalesce(replaces, FALSE)) AS rows_mending,
    count(*) FILTER (WHERE NOT coalesce(replaces, FALSE) AND NOT coalesce(mends, FALSE)) AS rows_new
FROM matched
GROUP BY delivery_id, extract, supplier_code, period
