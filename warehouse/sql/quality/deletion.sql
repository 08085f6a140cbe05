-- name quality.deletion
-- grain một lần gửi có dòng báo xoá hoặc dòng bị xoá | one delivery that deletes rows, or of which rows were deleted
-- purpose Đơn vị báo xoá bao nhiêu dòng, nhờ đó bao nhiêu dòng gửi trước thôi tính | How many rows suppliers marked as deleted, and how many earlier rows no longer count for it
-- clearance open
-- key delivery_id
-- column delivery_id | Mã nội dung gửi | Delivery
-- column extract | Biểu | Extract
-- column rows_deleting | Dòng báo xoá trong tệp này | Rows of it that say that something is deleted
-- column rows_deleted | Dòng của tệp này không tính nữa vì tệp này hoặc tệp sau báo xoá | Rows of it that no longer count, because it or a later delivery says so
SELECT
    delivery_id,
    extract,
    count(*) FILTER (WHERE is_tombstone) AS rows_deleting,
    count(*) FILTER (WHERE NOT is_tombstone) AS rows_deleted
FROM ledger.deleted_row
GROUP BY delivery_id, extract
