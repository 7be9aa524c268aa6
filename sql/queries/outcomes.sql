-- How the runs ended, by label: how many, and how much they held.
SELECT
  coalesce(label, '(none)') AS label,
  coalesce(outcome, state) AS outcome,
  count(*) AS runs,
  min(held_peak) AS held_low,
  max(held_peak) AS held_high,
  min(started_at) AS first_at,
  max(started_at) AS last_at
FROM v_run
GROUP BY 1, 2
ORDER BY 1, runs DESC, 2;
