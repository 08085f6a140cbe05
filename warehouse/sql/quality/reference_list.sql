-- name quality.reference_list
-- grain một danh mục gửi đến (đơn vị hành chính, cơ quan, thủ tục) | one list delivered: of units, agencies or procedures
-- purpose Danh mục nào đang tính, bị thay, hay bị giữ lại vì mất nhiều mã cùng lúc và chờ người quyết định | Which lists count, which were replaced, which are held for a person because too many codes are missing
-- clearance open
-- key delivery_id
-- column delivery_id | Mã nội dung gửi | Delivery
-- column extract | Biểu | Extract
-- column in_force_on | Ngày danh mục có hiệu lực | Day the list takes force
-- column sha256 | SHA-256 của tệp, để ghi vào quyết định | SHA-256 of the file, as a decision names it
-- column list_kind | Phạm vi: full (toàn bộ), partial (đủ cho các tỉnh có trong danh mục), delta (chỉ thay đổi) | What it speaks for: full, partial (all of the provinces in it), delta (changes only)
-- column rows_listed | Số dòng đọc được | Rows read
-- column codes_expected | Số mã đang có hiệu lực mà danh mục phải nói đến | Codes in force that it should speak of
-- column codes_missing | Số mã không còn trong danh mục | Codes of these that it lacks
-- column most_missing_share | Tỷ lệ mất nhiều nhất trước khi bị giữ | Largest share that may be missing before it is held
-- column state | counts (đang tính), replaced (bị thay), held (giữ lại chờ quyết định), rejected (đã bác) | counts, replaced, held (awaiting a decision), rejected
-- column message_vi | Nói cho người đọc | What it means, in Vietnamese
-- column message_en | Nói cho người đọc, tiếng Anh | What it means, in English
WITH judged AS (
    SELECT
        delivery.*,
        walk.codes_expected,
        walk.codes_missing,
        CASE
            WHEN walk.is_held AND delivery.decision = 'rejected' THEN 'rejected'
            WHEN walk.is_held THEN 'held'
            WHEN delivery.delivery_no < max(delivery.delivery_no) FILTER (NOT walk.is_held AND delivery.list_kind = 'full')
                OVER (PARTITION BY delivery.list, delivery.in_force_on)
                THEN 'replaced'
            ELSE 'counts'
        END AS state
    FROM stage.list_delivery AS delivery
    JOIN stage.list_walk AS walk
        ON walk.list = delivery.list
        AND walk.list_no = delivery.list_no
        AND walk.delivery_no = delivery.delivery_no
        AND walk.code IS NULL
    WHERE delivery.delivery_id IS NOT NULL
)
SELECT
    judged.delivery_id,
    judged.list AS extract,
    judged.in_force_on,
    sending.sha256,
    judged.list_kind,
    judged.rows_listed,
    judged.codes_expected,
    judged.codes_missing,
    judged.most_missing_share,
    judged.state,
    CASE judged.state
        WHEN 'held' THEN 'Danh mục thiếu ' || judged.codes_missing || ' trong ' || judged.codes_expected
            || ' mã đang có hiệu lực nên được giữ lại, chưa tính; cần gửi quyết định (list_decision) hoặc gửi lại danh mục đủ.'
        WHEN 'rejected' THEN 'Danh mục đã bị bác theo quyết định.'
        WHEN 'replaced' THEN 'Danh mục đã được thay bằng danh mục gửi sau cho cùng ngày.'
        ELSE 'Danh mục đang được tính.'
    END AS message_vi,
    CASE judged.state
        WHEN 'held' THEN 'The list lacks ' || judged.codes_missing || ' of the ' || judged.codes_expected
            || ' codes in force, so it is held and does not count; send a decision (list_decision) or the whole list again.'
        WHEN 'rejected' THEN 'The list was turned down by a decision.'
        WHEN 'replaced' THEN 'A later list for the same day replaces it.'
        ELSE 'The list counts.'
    END AS message_en
FROM judged
JOIN (SELECT DISTINCT delivery_id, sha256 FROM ledger.sending) AS sending ON sending.delivery_id = judged.delivery_id
