-- name meta.kpi_restatement
-- grain chỉ tiêu × kỳ × đơn vị × lần phát hành đã đổi nó | indicator × period × unit × publication that changed it
-- purpose Số đã công bố của một kỳ đã hết mà sau đó đổi: cũ, mới, vì những tệp nào | Figures of periods that were over which changed after they had been published: old, new, and because of which deliveries
-- clearance analyst
-- key kpi_code, period, unit_key, publication_no
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ | Period
-- column unit_key | Phiên bản đơn vị | Version of the unit
-- column old_value | Giá trị cũ | Value before
-- column new_value | Giá trị mới; trống khi không còn tính được hoặc không còn số này | Value now; empty when it can no longer be told
-- column old_status | Đánh giá cũ | Status before
-- column new_status | Đánh giá mới | Status now
-- column old_release_id | Bản được dùng ngay trước | Release in use just before
-- column release_id | Bản đã đổi số | Release that changed it
-- column published_at | Lúc đổi | When it changed
-- column delivery_ids | Các tệp của biểu nguồn nay tính khác; trống: vì luật, danh mục đóng gói hay câu SQL | Deliveries it is counted from that count otherwise since; empty when rules, packaged lists or SQL changed it
-- column publication_no | Lần phát hành | Publication
WITH told AS (
    SELECT
        *,
        lag(value) OVER before AS old_value,
        lag(status) OVER before AS old_status
    FROM build.published_figure
    WINDOW before AS (PARTITION BY kpi_code, period, unit_key ORDER BY publication_no)
),
because AS (
    SELECT
        delivery.publication_no,
        reads.kpi_code,
        list(delivery.delivery_id ORDER BY delivery.delivery_id) AS delivery_ids
    FROM build.published_delivery AS delivery
    JOIN build.kpi_extract AS reads ON reads.extract = delivery.extract
    GROUP BY delivery.publication_no, reads.kpi_code
)
SELECT
    told.kpi_code,
    told.period,
    told.unit_key,
    told.old_value,
    told.value AS new_value,
    told.old_status,
    told.status AS new_status,
    before.release_id AS old_release_id,
    publication.release_id,
    publication.published_at,
    coalesce(because.delivery_ids, []) AS delivery_ids,
    told.publication_no
FROM told
JOIN build.publication AS publication ON publication.publication_no = told.publication_no
JOIN build.publication AS before ON before.publication_no = publication.publication_no - 1
JOIN build.figure_period AS period ON period.period = told.period AND period.last_on < before.as_of::DATE
LEFT JOIN because ON because.publication_no = told.publication_no AND because.kpi_code = told.kpi_code
WHERE told.old_value IS NOT NULL AND told.value::DECIMAL(38, 9) IS DISTINCT FROM told.old_value::DECIMAL(38, 9)
