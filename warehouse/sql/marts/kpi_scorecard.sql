-- name mart.kpi_scorecard
-- grain chỉ tiêu × kỳ × đơn vị | indicator × period × unit
-- purpose Bảng điểm: 16 chỉ tiêu chuyển đổi số, Đề án 06 và vận hành một cửa; mọi con số đều là mô phỏng khi is_simulated | Scorecard: the 16 digital-transformation targets, Project 06 and one-stop operations; figures are simulated where is_simulated
-- clearance analyst
-- key kpi_code, period, unit_key
-- column kpi_set | Bộ chỉ tiêu: target_16, project_06, operations | Set: target_16, project_06, operations
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column kpi_name | Tên ngắn của chỉ tiêu | Short name
-- column title_vi | Tên chỉ tiêu | Title in Vietnamese
-- column title_en | Tên tiếng Anh | Title in English
-- column period | Kỳ: năm hoặc tháng | Period: year or month
-- column period_kind | Loại kỳ | Kind of period
-- column unit_key | Phiên bản đơn vị | Version of the unit
-- column unit_code | Mã đơn vị | Unit code
-- column unit_level | Cấp của đơn vị | Level of the unit
-- column unit_name | Tên đơn vị | Name of the unit
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
-- column target | Chỉ tiêu được giao; cấp dưới và tháng dùng mức của tỉnh và năm khi là tỷ lệ | Target; shares use the province's and the year's for lower units and months
-- column value | Giá trị: tỷ lệ, số đếm, hoặc tử số chia chỉ tiêu, theo measure | Value: share, count, or numerator over target, as measure says
-- column status | met, not_met, insufficient_data, not_applicable | met, not_met, insufficient_data, not_applicable
-- column basis | Căn cứ của chỉ tiêu: reported (báo cáo) hoặc assumed (giả định) | Ground of the indicator: reported or assumed
-- column target_basis | Căn cứ của mức chỉ tiêu: reported hoặc assumed | Ground of the target value: reported or assumed
-- column measure | share, count, vnd, target_ratio | share, count, vnd, target_ratio
-- column direction | Chiều tốt: up, down, none | Better when: up, down, none
-- column owner_short_code | Cơ quan chủ trì | Agency in charge
-- column source_extract | Nguồn số liệu (biểu) | Extract it comes from
-- column source_table | Bảng chi tiết | Fact or dimension it is counted from
-- column rows_quarantined | Dòng của kỳ đang bị cách ly trong biểu nguồn (toàn tỉnh; trống ở cấp dưới) | Rows of the period now quarantined in that extract; province only
-- column dossiers_with_newer_rejected | Hồ sơ của kỳ đang hiển thị trạng thái cũ | Dossiers of the period shown in an older state
-- column is_simulated | Số liệu mô phỏng | Whether the figure is simulated
WITH figure AS (
    SELECT kpi_code, period, unit_key, numerator, denominator, dossiers_with_newer_rejected FROM mart.kpi_dossiers
    UNION ALL BY NAME
    SELECT kpi_code, period, unit_key, numerator, denominator FROM mart.kpi_services
    UNION ALL BY NAME
    SELECT kpi_code, period, unit_key, numerator, denominator FROM mart.kpi_infrastructure
    UNION ALL BY NAME
    SELECT kpi_code, period, unit_key, numerator, denominator FROM mart.kpi_work_files
    UNION ALL BY NAME
    SELECT kpi_code, period, unit_key, numerator, denominator, target FROM mart.kpi_identity
),
wanted AS (
    -- Every indicator has its row for the province and the year, even when nothing arrived.
    SELECT figure.kpi_code, figure.period, figure.unit_key FROM figure
    UNION
    SELECT indicator.kpi_code, frame.period, frame.unit_key
    FROM reference.indicator AS indicator
    CROSS JOIN mart.unit_period AS frame
    WHERE frame.level = 'province' AND frame.period_kind = 'year' AND frame.is_valid
),
goal AS (
    SELECT kpi_code, period AS year_period, unit_code, target, basis FROM reference.target
),
judged AS (
    SELECT
        indicator.kpi_set,
        wanted.kpi_code,
        indicator.kpi_name,
        indicator.title_vi,
        indicator.title_en,
        wanted.period,
        frame.period_kind,
        wanted.unit_key,
        frame.unit_code,
        frame.level AS unit_level,
        unit.full_name AS unit_name,
        figure.numerator,
        figure.denominator,
        coalesce(figure.target, own.target, CASE WHEN indicator.measure = 'share' THEN province.target END) AS target,
        coalesce(
            CASE WHEN figure.target IS NOT NULL THEN 'reported' END,
            own.basis,
            CASE WHEN indicator.measure = 'share' THEN province.basis END
        ) AS target_basis,
        indicator.basis,
        indicator.measure,
        indicator.direction,
        indicator.owner_short_code,
        CASE
            WHEN wanted.kpi_code IN ('T01', 'P03') THEN 'procedure_catalogue'
            WHEN wanted.kpi_code IN ('T02', 'T06', 'T07', 'T08') THEN 'digital_infrastructure'
            WHEN wanted.kpi_code IN ('T03', 'T04', 'T05') THEN 'work_file_processing'
            WHEN wanted.kpi_code IN ('P05', 'P06') THEN 'identity_issuance'
            ELSE 'one_stop_dossier'
        END AS source_extract,
        figure.dossiers_with_newer_rejected
    FROM wanted
    JOIN mart.unit_period AS frame ON frame.period = wanted.period AND frame.unit_key = wanted.unit_key
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = frame.unit_key
    JOIN reference.indicator AS indicator ON indicator.kpi_code = wanted.kpi_code
    LEFT JOIN figure
        ON figure.kpi_code = wanted.kpi_code
        AND figure.period = wanted.period
        AND figure.unit_key = wanted.unit_key
    LEFT JOIN goal AS own
        ON own.kpi_code = wanted.kpi_code
        AND own.unit_code = frame.unit_code
        AND own.year_period = CASE WHEN indicator.measure = 'share' THEN frame.year_period ELSE wanted.period END
    LEFT JOIN goal AS province
        ON province.kpi_code = wanted.kpi_code
        AND province.unit_code = frame.province_code
        AND province.year_period = frame.year_period
),
valued AS (
    SELECT
        *,
        CASE measure
            WHEN 'share' THEN numerator / nullif(denominator, 0)
            WHEN 'target_ratio' THEN numerator / nullif(target, 0)
            ELSE numerator
        END::DOUBLE AS value
    FROM judged
)
SELECT
    valued.kpi_set,
    valued.kpi_code,
    valued.kpi_name,
    valued.title_vi,
    valued.title_en,
    valued.period,
    valued.period_kind,
    valued.unit_key,
    valued.unit_code,
    valued.unit_level,
    valued.unit_name,
    valued.numerator,
    valued.denominator,
    valued.target,
    valued.value,
    CASE
        WHEN valued.target IS NULL THEN 'not_applicable'
        WHEN valued.value IS NULL THEN 'insufficient_data'
        WHEN valued.measure = 'target_ratio' AND valued.value >= 1 THEN 'met'
        WHEN valued.measure = 'target_ratio' THEN 'not_met'
        -- Compared as whole numbers against a decimal, so that 80 % reached exactly is reached.
        WHEN valued.measure = 'share' AND valued.numerator >= valued.target::DECIMAL(9, 6) * valued.denominator
            THEN 'met'
        WHEN valued.measure <> 'share' AND valued.numerator >= valued.target THEN 'met'
        ELSE 'not_met'
    END AS status,
    valued.basis,
    valued.target_basis,
    valued.measure,
    valued.direction,
    valued.owner_short_code,
    valued.source_extract,
    CASE valued.source_extract
        WHEN 'procedure_catalogue' THEN 'core.dim_service'
        WHEN 'digital_infrastructure' THEN 'core.fact_digital_infrastructure'
        WHEN 'work_file_processing' THEN 'core.fact_work_file'
        WHEN 'identity_issuance' THEN 'core.fact_identity_issuance'
        ELSE 'core.fact_dossier'
    END AS source_table,
    CASE WHEN valued.unit_level = 'province' THEN coalesce(held.rows_quarantined, 0) END AS rows_quarantined,
    valued.dossiers_with_newer_rejected,
    coalesce(origin.is_simulated, FALSE) AS is_simulated
FROM valued
LEFT JOIN quality.held_by_period AS held
    ON held.extract = valued.source_extract AND held.period = valued.period
LEFT JOIN quality.origin AS origin ON origin.extract = valued.source_extract
