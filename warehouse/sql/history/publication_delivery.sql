-- name meta.publication_delivery
-- grain một lần phát hành × một tệp nay tính khác | publication × delivery that counts otherwise than before
-- purpose Vì sao một lần phát hành khác lần trước: tệp nào mới được tính, tệp nào thôi tính, tệp nào được kiểm tra lại | Why a publication differs from the one before it: which deliveries came to count, ceased to, or were judged again
-- clearance open
-- key publication_no, delivery_id
-- column publication_no | Lần phát hành | Publication
-- column release_id | Bản phát hành | Release
-- column delivery_id | Mã nội dung gửi | Delivery
-- column extract | Biểu | Extract
-- column supplier_code | Đơn vị gửi | Supplier
-- column period | Kỳ của tệp | Period of the delivery
-- column change | arrived (mới được tính), replaced (bị tệp sau thay), withdrawn (đơn vị rút lại), counts_again (được tính trở lại), judged_again (kiểm tra lại theo luật khác), left_out (không có trong bản này) | arrived, replaced, withdrawn, counts_again, judged_again, left_out (not in this release)
SELECT
    delivery.publication_no,
    publication.release_id,
    delivery.delivery_id,
    delivery.extract,
    delivery.supplier_code,
    delivery.period,
    delivery.change
FROM build.published_delivery AS delivery
JOIN build.publication AS publication ON publication.publication_no = delivery.publication_no
