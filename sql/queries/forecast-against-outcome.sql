-- How good the forecasts were: the break as it was foreseen, against the one that came.
--
-- :label (any) only runs with this label
SELECT
  f.run_id,
  f.made_at_s,
  f.made_at_held,
  f.resource,
  f.subject,
  CAST(round(f.at_connections) AS INTEGER) AS foreseen,
  b.held AS came,
  round(100.0 * (f.at_connections - b.held) / nullif(b.held, 0), 1) AS off_percent,
  b.limit_id,
  b.subject AS broken_subject
FROM v_forecast AS f
-- of the cycle that it was made in
JOIN v_cycle AS c ON c.run_id = f.run_id AND f.made_at_s >= c.from_s
  AND (c.to_s IS NULL OR f.made_at_s < c.to_s)
JOIN v_breaking_point AS b ON b.run_id = f.run_id AND b.cycle = c.cycle
JOIN v_run AS v ON v.run_id = f.run_id
WHERE f.rank = 0 AND (:label IS NULL OR v.label = :label)
ORDER BY f.run_id, f.made_at_s;
