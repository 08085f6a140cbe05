-- name mart.kpi_scorecard
-- grain chỉ tiêu × kỳ × đơn vị | indicator × period × unit
-- purpose Bảng điểm: mọi chỉ tiêu của tỉnh, huyện, xã; mọi con số đều là mô phỏng khi is_simulated | Scorecard: every indicator of the province, districts and communes; figures are simulated where is_simulated
-- clearance analyst
-- key kpi_code, period, unit_key
-- slices period
-- column kpi_set | Bộ chỉ tiêu: target_16, project_06, operations, satisfaction, benefits, officials, connections, index_766 | Set: target_16, project_06, operations, satisfaction, benefits, officials, connections, index_766
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column kpi_name | Tên ngắn của chỉ tiêu | Short name
-- column title_vi | Tên chỉ tiêu | Title in Vietnamese
-- column title_en | Tên tiếng Anh | Title in English
-- column period | Kỳ: năm, quý hoặc tháng | Period: year, quarter or month
-- column period_kind | Loại kỳ | Kind of period
-- column unit_key | Phiên bản đơn vị | Version of the unit
-- column unit_code | Mã đơn vị | Unit code
-- column unit_level | Cấp của đơn vị | Level of the unit
-- column unit_name | Tên đơn vị | Name of the unit
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
-- column target | Chỉ tiêu được giao; cấp dưới và tháng dùng mức của tỉnh và năm khi là tỷ lệ | Target; shares use the province's and the year's for lower units and months
-- column value | Giá trị: tỷ lệ, số đếm, tử số chia chỉ tiêu, điểm bình quân hoặc điểm, theo measure | Value: share, count, numerator over target, mean score or points, as measure says
-- column value_low | Giá trị nếu mọi dòng bị cách ly đều bất lợi; trống ở cấp dưới | Value if every quarantined row counted against it; empty below the province
-- column value_high | Giá trị nếu mọi dòng bị cách ly đều có lợi; trống ở cấp dưới | Value if every quarantined row counted for it; empty below the province
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
-- column rows_quarantined | Dòng của kỳ đang bị cách ly trong biểu nguồn (toàn tỉnh; trống ở cấp dưới) | Rows of the period now quarantined in that extract; province only
-- column dossiers_with_newer_rejected | Hồ sơ của kỳ đang hiển thị trạng thái cũ | Dossiers of the period shown in an older state
-- column is_simulated | Số liệu mô phỏng | Whether the figure is simulated
SELECT
    indicator.kpi_set,
    figure.kpi_code,
    indicator.kpi_name,
    indicator.title_vi,
    indicator.title_en,
    figure.period,
    figure.period_kind,
    figure.member_key AS unit_key,
    unit.unit_code,
    unit.level AS unit_level,
    unit.full_name AS unit_name,
    figure.numerator,
    figure.denominator,
    figure.target,
    figure.value,
    figure.value_low,
    figure.value_high,
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
    CASE WHEN unit.level = 'province' THEN figure.rows_quarantined END AS rows_quarantined,
    figure.dossiers_with_newer_rejected,
    figure.is_simulated
FROM mart.kpi_figure AS figure
JOIN reference.indicator AS indicator ON indicator.kpi_code = figure.kpi_code
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = figure.member_key
WHERE figure.grain = 'unit'
