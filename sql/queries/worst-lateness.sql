-- Whose samples were the latest: on which runs the measurement itself was disturbed.
--
-- :rows (20) at most so many runs
SELECT
  h.run_id,
  v.started_at,
  v.label,
  h.ticks,
  h.missed_ticks,
  h.late_p99_us,
  h.late_max_us,
  h.took_p99_us,
  h.missed_slots,
  h.gaps
FROM v_run_health AS h
JOIN v_run AS v USING (run_id)
ORDER BY h.late_max_us DESC, h.run_id
LIMIT :rows;
