-- grain một giá trị đã công bố × một tệp đã đổi nó (một dòng trống khi không có tệp) | value published × delivery that changed it, one row without delivery where there is none
-- purpose Mọi giá trị từng công bố của chỉ tiêu $kpi_code ở đơn vị $unit_code, kỳ $period (trống: mọi kỳ) | Every value ever published of indicator $kpi_code in unit $unit_code, of $period (none: of all periods)
WITH told AS (
    SELECT
        figure.*,
        publication.release_id,
        publication.published_at
    FROM build.published_figure AS figure
    JOIN build.publication AS publication ON publication.publication_no = figure.publication_no
    WHERE figure.kpi_code = $kpi_code
        AND split_part(figure.unit_key, '@', 1) = $unit_code
        AND ($period IS NULL OR figure.period = $period)
)
SELECT
    told.period,
    told.published_at,
    told.release_id,
    told.numerator,
    told.denominator,
    told.value,
    told.status,
    told.is_gone,
    delivery.delivery_id,
    delivery.extract,
    delivery.supplier_code,
    delivery.period AS period_of_delivery,
    delivery.change
FROM told
LEFT JOIN (
    SELECT published.*
    FROM build.published_delivery AS published
    JOIN build.kpi_extract AS reads ON reads.extract = published.extract AND reads.kpi_code = $kpi_code
) AS delivery ON delivery.publication_no = told.publication_no
ORDER BY told.period, told.publication_no, extract, period_of_delivery, delivery_id
