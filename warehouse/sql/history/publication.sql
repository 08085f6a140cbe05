-- name meta.publication
-- grain một lần phát hành: con trỏ chuyển sang một bản | one publication: the pointer moved to a release
-- purpose Bản nào được dùng từ khi nào, kể cả khi quay lại bản cũ; bản đang giữ, bị bác hay chưa từng dùng không có ở đây | Which release was in use from when, rollbacks included; what was held, rejected or never pointed to is not here
-- clearance open
-- key publication_no
-- column publication_no | Số thứ tự; thứ tự do số, không do đồng hồ | Number; it gives the order, not the clock
-- column release_id | Mã bản phát hành | Release
-- column published_at | Lúc bắt đầu được dùng; với chính bản này là lúc dựng | When it was first in use; of this release itself, when it was built
-- column as_of | Số liệu đến thời điểm | Moment it speaks about
-- column replaces_release_id | Bản được dùng trước đó | Release in use before it
-- column deliveries_changed | Số tệp nay tính khác so với bản trước | Deliveries that count otherwise than in the release before
-- column figures_changed | Số con số khác so với bản trước | Figures that are not those of the release before
SELECT
    publication.publication_no,
    publication.release_id,
    publication.published_at,
    publication.as_of,
    publication.replaces_release_id,
    coalesce(delivery.rows, 0) AS deliveries_changed,
    coalesce(figure.rows, 0) AS figures_changed
FROM build.publication AS publication
LEFT JOIN (SELECT publication_no, count(*) AS rows FROM build.published_delivery GROUP BY ALL) AS delivery
    ON delivery.publication_no = publication.publication_no
LEFT JOIN (SELECT publication_no, count(*) AS rows FROM build.published_figure GROUP BY ALL) AS figure
    ON figure.publication_no = publication.publication_no
