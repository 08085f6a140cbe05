-- name meta.release
-- grain một dòng: bản phát hành này | one row: this release
-- purpose Bản phát hành này là gì | What this release is
-- clearance open
-- column release_id | Mã bản phát hành | Release
-- column built_at | Thời điểm dựng | When it was built
-- column as_of | Số liệu đến thời điểm | Moment it speaks about
-- column until | Chỉ tính lần gửi nhận đến lúc này (trống: tất cả) | Only sendings received by then; empty for all
-- column rule_set_id | Bộ luật | Rule-set
-- column is_simulated | Có số liệu mô phỏng | Whether it holds simulated data
SELECT build.release_id, build.built_at, run.as_of, run.until, run.rule_set_id, run.is_simulated
FROM ledger.run AS run
CROSS JOIN build.run AS build
