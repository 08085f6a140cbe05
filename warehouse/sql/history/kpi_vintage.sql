-- name meta.kpi_vintage
-- grain chỉ tiêu × kỳ × đơn vị × lần phát hành đã đổi nó | indicator × period × unit × publication that changed it
-- purpose Mọi giá trị từng công bố của mỗi chỉ tiêu: bản nào công bố, bản nào thay; giá trị đứng yên qua nhiều bản là một dòng. Biết đến lúc bản này được dựng | Every value ever published of every indicator: which release published it, which replaced it; one that stands through many releases is one row. As known when this release was built
-- clearance analyst
-- key kpi_code, period, unit_key, publication_no
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ | Period
-- column unit_key | Phiên bản đơn vị | Version of the unit
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
-- column value | Giá trị | Value
-- column status | met, not_met, insufficient_data, not_applicable | met, not_met, insufficient_data, not_applicable
-- column release_id | Bản đã công bố giá trị này | Release that published the value
-- column published_at | Lúc bản ấy bắt đầu được dùng | When that release came into use
-- column replaced_by_release_id | Bản đã thay giá trị này, hoặc không còn có nó; trống khi đang đứng | Release that replaced the value, or no longer has the figure; empty while it stands
-- column publication_no | Lần phát hành | Publication
WITH told AS (
    SELECT
        figure.*,
        publication.release_id,
        publication.published_at,
        lead(publication.release_id) OVER (
            PARTITION BY figure.kpi_code, figure.period, figure.unit_key ORDER BY figure.publication_no
        ) AS replaced_by_release_id
    FROM build.published_figure AS figure
    JOIN build.publication AS publication ON publication.publication_no = figure.publication_no
)
SELECT
    kpi_code,
    period,
    unit_key,
    numerator,
    denominator,
    value,
    status,
    release_id,
    published_at,
    replaced_by_release_id,
    publication_no
FROM told
WHERE NOT is_gone
