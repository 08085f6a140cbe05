-- name mart.kpi_service
-- grain chỉ tiêu × kỳ × dịch vụ (thủ tục, hoặc dịch vụ thiết yếu gồm nhiều thủ tục) | indicator × period × service (a procedure, or an essential service of several procedures)
-- purpose Chỉ tiêu của từng thủ tục có hồ sơ trong kỳ và của 53 dịch vụ thiết yếu; chỉ cộng trong một service_kind | Indicators of every procedure with dossiers in the period, and of the 53 essential services; add up within one service_kind only
-- clearance analyst
-- key kpi_code, period, service_code
-- slices period
-- column kpi_set | Bộ chỉ tiêu: target_16, project_06, operations, satisfaction, benefits, officials, connections, index_766 | Set: target_16, project_06, operations, satisfaction, benefits, officials, connections, index_766
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column kpi_name | Tên ngắn của chỉ tiêu | Short name
-- column title_vi | Tên chỉ tiêu | Title in Vietnamese
-- column title_en | Tên tiếng Anh | Title in English
-- column period | Kỳ: năm, quý hoặc tháng | Period: year, quarter or month
-- column period_kind | Loại kỳ | Kind of period
-- column service_kind | procedure (thủ tục), essential_service (dịch vụ thiết yếu) | procedure or essential_service
-- column service_key | Thủ tục (phiên bản mới nhất của kỳ); trống với dịch vụ thiết yếu | Procedure, its newest version of the period; empty for essential services
-- column service_code | Mã thủ tục, hoặc TY và số thứ tự của dịch vụ thiết yếu | Procedure code, or TY and the number of the essential service
-- column service_no | Số thứ tự dịch vụ thiết yếu; trống nếu không thuộc danh mục | Number of the essential service; empty if it is none
-- column service_name | Tên thủ tục hoặc dịch vụ | Name of the procedure or service
-- column service_name_en | Tên tiếng Anh (dịch vụ thiết yếu) | Name in English, for essential services
-- column is_essential | Thuộc 53 dịch vụ công thiết yếu | Whether it belongs to the 53 essential services
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
-- column target | Chỉ tiêu được giao cho tỉnh và năm, khi là tỷ lệ | The province's target of the year, for shares
-- column value | Giá trị: tỷ lệ, số đếm, tử số chia chỉ tiêu, điểm bình quân hoặc điểm, theo measure | Value: share, count, numerator over target, mean score or points, as measure says
-- column status | held (giữ lại chờ người xem), insufficient_data (chưa đủ số liệu), not_applicable (không có mức để xét), met (đạt), not_met (chưa đạt); điều đứng trước thắng | held (waits for a person), insufficient_data, not_applicable (nothing to be judged by), met, not_met; the first that holds
-- column plausibility | Điều đáng ngờ: over_whole, double_counting, typed_differs, denominators_differ, denominator_moved, running_total_fell; trống khi không có | What looks wrong: over_whole, double_counting, typed_differs, denominators_differ, denominator_moved, running_total_fell; empty if nothing
-- column basis | Căn cứ của chỉ tiêu: reported (báo cáo) hoặc assumed (giả định) | Ground of the indicator: reported or assumed
-- column target_basis | Căn cứ của mức chỉ tiêu: reported hoặc assumed | Ground of the target value: reported or assumed
-- column measure | share, count, vnd, target_ratio, mean (điểm bình quân 1–5), points (điểm; tử và mẫu tính bằng phần trăm điểm) | share, count, vnd, target_ratio, mean (score from 1 to 5), points (numerator and denominator in hundredths of a point)
-- column direction | Chiều tốt: up, down, none | Better when: up, down, none
-- column owner_short_code | Cơ quan chủ trì | Agency in charge
-- column source_extract | Nguồn số liệu (biểu) | Extract it comes from
-- column source_table | Bảng chi tiết | Fact or dimension it is counted from
-- column coverage_share | Lần gửi đã nhận ÷ phải gửi của biểu nguồn trong kỳ, toàn tỉnh; trống khi không phải gửi gì | Deliveries accepted ÷ due of the source extract in the period, whole province; empty where none was due
-- column quarantine_share | Dòng bị cách ly ÷ (bị cách ly + được tính) của biểu nguồn trong kỳ, toàn tỉnh | Rows quarantined ÷ (quarantined + counted) of the source extract in the period, whole province
-- column rows_quarantined | Dòng của kỳ đang bị cách ly trong biểu nguồn, toàn tỉnh | Rows of the period now quarantined in that extract, whole province
-- column dossiers_with_newer_rejected | Hồ sơ của kỳ đang hiển thị trạng thái cũ | Dossiers of the period shown in an older state
-- column is_simulated | Số liệu mô phỏng | Whether the figure is simulated
WITH service AS (
    SELECT
        period.period,
        'procedure' AS service_kind,
        version.service_key,
        version.procedure_code AS service_code,
        version.service_no,
        version.procedure_name AS service_name,
        NULL AS service_name_en,
        version.is_essential
    FROM core.dim_service AS version
    JOIN core.dim_period AS period ON version.valid_from <= period.last_on
    QUALIFY row_number() OVER (PARTITION BY period.period, version.procedure_code ORDER BY version.valid_from DESC) = 1
    UNION ALL
    SELECT
        period.period,
        'essential_service',
        NULL,
        'TY' || lpad(essential.service_no::VARCHAR, 2, '0'),
        essential.service_no,
        min(essential.service_vi),
        min(essential.service_en),
        TRUE
    FROM reference.essential_service AS essential
    CROSS JOIN core.dim_period AS period
    GROUP BY period.period, essential.service_no
)
SELECT
    indicator.kpi_set,
    figure.kpi_code,
    indicator.kpi_name,
    indicator.title_vi,
    indicator.title_en,
    figure.period,
    figure.period_kind,
    service.service_kind,
    service.service_key,
    service.service_code,
    service.service_no,
    service.service_name,
    service.service_name_en,
    service.is_essential,
    figure.numerator,
    figure.denominator,
    figure.target,
    figure.value,
    figure.status,
    figure.plausibility,
    indicator.basis,
    figure.target_basis,
    indicator.measure,
    indicator.direction,
    indicator.owner_short_code,
    indicator.source_extract,
    indicator.source_table,
    figure.coverage_share,
    figure.quarantine_share,
    figure.rows_quarantined,
    figure.dossiers_with_newer_rejected,
    figure.is_simulated
FROM mart.kpi_figure AS figure
JOIN reference.indicator AS indicator ON indicator.kpi_code = figure.kpi_code
JOIN service ON service.service_code = figure.member_key AND service.period = figure.period
WHERE figure.grain = 'service'
