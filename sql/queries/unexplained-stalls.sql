-- Runs that came to a stand with no limit at its ceiling, and what was seen then.
SELECT
  v.run_id,
  v.started_at,
  v.label,
  v.outcome,
  v.broke_at_s,
  v.broke_held,
  f.text
FROM v_run AS v
JOIN finding AS f ON f.run_id = v.run_id AND f.kind = 'verdict'
WHERE v.outcome IN ('stalled', 'broke', 'inconclusive') AND v.limit_id IS NULL
ORDER BY v.run_id;
