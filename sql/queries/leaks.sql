-- What grew while the connections stood still: the leaks over time, the fastest first.
--
-- :label (any) only runs with this label
SELECT
  l.run_id,
  v.label,
  l.resource,
  l.subject,
  l.unit,
  round(l.over_time, 3) AS per_second,
  round(l.over_time_low, 3) AS low,
  round(l.over_time_high, 3) AS high,
  l.class,
  l.n
FROM v_leak_rate AS l
JOIN v_run AS v USING (run_id)
WHERE l.class IN ('per-time', 'both') AND (:label IS NULL OR v.label = :label)
ORDER BY l.unit, l.over_time DESC;
