-- What was not given back after each cycle of a run: what grows from cycle to cycle leaks.
--
-- :run (last) the run
SELECT resource, subject, cycle, base, peak, residual, base_grew, recovered_percent
FROM (
  SELECT
    y.kind,
    y.resource,
    y.subject,
    y.cycle,
    y.base,
    y.peak,
    y.residual,
    y.base - first_value(y.base) OVER (
      PARTITION BY y.kind, y.resource, y.subject ORDER BY y.cycle) AS base_grew,
    round(100 * y.recovered, 2) AS recovered_percent
  FROM v_recovery AS y
  WHERE y.run_id = :run)
WHERE residual > 0
ORDER BY resource, subject, cycle;
