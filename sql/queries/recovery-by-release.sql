-- How long 99 % of a resource takes to come back, by the way the connections were released.
--
-- :resource (fds) the resource, as in brink resources
SELECT
  (SELECT j.value FROM json_each(r.plan) AS j WHERE j.key = 'release') AS release,
  y.subject,
  count(*) AS measured,
  count(y.t99_s) AS reached,
  round(min(y.t99_s), 3) AS t99_low_s,
  round(avg(y.t99_s), 3) AS t99_mean_s,
  round(max(y.t99_s), 3) AS t99_high_s,
  round(max(y.residual), 1) AS residual_high
FROM v_recovery AS y
JOIN run AS r USING (run_id)
WHERE y.resource = :resource AND y.recovered IS NOT NULL
GROUP BY release, y.subject
ORDER BY release, y.subject;
