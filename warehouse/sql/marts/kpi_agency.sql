-- name mart.kpi_agency
-- grain chỉ tiêu × kỳ × cơ quan | indicator × period × agency
-- purpose Chỉ tiêu của từng cơ quan có số liệu trong kỳ; một mã cơ quan một dòng, kể cả khi đổi tên trong kỳ | Indicators of every agency with data in the period; one row a code, even where it was renamed within the period
-- clearance analyst
-- key kpi_code, period, agency_code
-- slices period
-- column kpi_set | Bộ chỉ tiêu: target_16, project_06, operations, satisfaction, benefits, officials, connections, index_766 | Set: target_16, project_06, operations, satisfaction, benefits, officials, connections, index_766
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column kpi_name | Tên ngắn của chỉ tiêu | Short name
-- column title_vi | Tên chỉ tiêu | Title in Vietnamese
-- column title_en | Tên tiếng Anh | Title in English
-- column period | Kỳ: năm, quý hoặc tháng | Period: year, quarter or month
-- column period_kind | Loại kỳ | Kind of period
-- column agency_key | Cơ quan (phiên bản mới nhất của kỳ) | Agency, its newest version of the period
-- column agency_code | Mã cơ quan | Agency code
-- column agency_level | Cấp: province, district, commune | Level: province, district, commune
-- column agency_name | Tên cơ quan | Name of the agency
-- column agency_name_en | Tên tiếng Anh | Name in English
-- column unit_code | Mã đơn vị hành chính của cơ quan | Code of the unit it serves
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
WITH agency AS (
    SELECT period.period, version.*
    FROM core.dim_agency AS version
    JOIN core.dim_period AS period ON version.valid_from <= period.last_on
    QUALIFY row_number() OVER (PARTITION BY period.period, version.agency_code ORDER BY version.valid_from DESC) = 1
)
SELECT
    indicator.kpi_set,
    figure.kpi_code,
    indicator.kpi_name,
    indicator.title_vi,
    indicator.title_en,
    figure.period,
    figure.period_kind,
    agency.agency_key,
    agency.agency_code,
    agency.level AS agency_level,
    agency.name_vi AS agency_name,
    agency.name_en AS agency_name_en,
    agency.unit_code,
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
JOIN agency ON agency.agency_code = figure.member_key AND agency.period = figure.period
WHERE figure.grain = 'agency'
