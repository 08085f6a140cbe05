-- The release itself: one row.
SELECT release_id, built_at, as_of, rule_set_id, is_simulated
FROM meta.release
