-- name core.bridge_agency_succession
-- grain một cơ quan cũ × một cơ quan kế thừa | one former agency and one that took over from it
-- purpose Cơ quan nào kế thừa cơ quan nào, từ ngày nào; cơ quan giải thể không có kế thừa thì để trống | Which agency took over from which, and when; empty where nobody did
-- clearance open
-- key old_code, new_code, effective_on
-- column old_agency_key | Phiên bản cũ (trống khi danh mục không có) | Former version; empty where no list has it
-- column new_agency_key | Phiên bản mới (trống khi danh mục không có) | New version; empty where no list has it
-- column old_code | Mã cũ | Former code
-- column new_code | Mã mới | New code
-- column effective_on | Ngày có hiệu lực | Day it takes effect
-- column share | Phần của cơ quan cũ (0 đến 1); trống là chưa biết | Part of the former agency, 0 to 1; empty is unknown
-- column legal_act | Văn bản | Legal act
-- column basis | Căn cứ: known hoặc assumed | Whether the row is known or assumed
-- column source | Nguồn | Source
SELECT
    former.agency_key AS old_agency_key,
    successor.agency_key AS new_agency_key,
    succession.old_code,
    succession.new_code,
    succession.effective_on,
    succession.share,
    succession.legal_act,
    succession.basis,
    succession.source
FROM stage.succession AS succession
LEFT JOIN core.dim_agency AS former
    ON former.agency_code = succession.old_code
    AND former.valid_from < succession.effective_on
    AND coalesce(former.valid_to, DATE '9999-12-31') >= succession.effective_on
LEFT JOIN core.dim_agency AS successor
    ON successor.agency_code = succession.new_code
    AND successor.valid_from <= succession.effective_on
    AND coalesce(successor.valid_to, DATE '9999-12-31') > succession.effective_on
WHERE succession.subject = 'agency'
