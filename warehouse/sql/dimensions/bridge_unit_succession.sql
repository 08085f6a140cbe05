-- name core.bridge_unit_succession
-- grain một đơn vị cũ × một đơn vị nhận nó | one former unit and one unit it went into
-- purpose Sắp xếp đơn vị hành chính: đơn vị nào nhập, tách vào đơn vị nào, phần bao nhiêu, theo văn bản nào | Reorganisations: which unit went into which, with what share, by which act
-- clearance open
-- key old_code, new_code, effective_on
-- column old_unit_key | Phiên bản cũ (trống khi danh mục không có) | Former version; empty where no list has it
-- column new_unit_key | Phiên bản mới (trống khi danh mục không có) | New version; empty where no list has it
-- column old_code | Mã cũ | Former code
-- column new_code | Mã mới | New code
-- column effective_on | Ngày có hiệu lực | Day it takes effect
-- column share | Phần của đơn vị cũ (0 đến 1); 1 là nhập toàn bộ; trống là chưa biết | Part of the former unit, 0 to 1; 1 is all of it, empty is unknown
-- column change | merged (nhập), merged_keeping_code (nhập, giữ mã), split (tách) | merged, merged_keeping_code, split
-- column legal_act | Văn bản | Legal act
-- column evidence | Căn cứ của dòng này | What the row rests on
-- column source | Nguồn | Source
SELECT
    former.unit_key AS old_unit_key,
    made.unit_key AS new_unit_key,
    succession.old_code,
    succession.new_code,
    succession.effective_on,
    succession.share,
    succession.change,
    succession.legal_act,
    succession.evidence,
    succession.source
FROM stage.succession AS succession
LEFT JOIN core.dim_administrative_unit AS former
    ON former.unit_code = succession.old_code
    AND former.valid_from < succession.effective_on
    AND coalesce(former.valid_to, DATE '9999-12-31') >= succession.effective_on
LEFT JOIN core.dim_administrative_unit AS made
    ON made.unit_code = succession.new_code
    AND made.valid_from <= succession.effective_on
    AND coalesce(made.valid_to, DATE '9999-12-31') > succession.effective_on
WHERE succession.subject = 'unit'
