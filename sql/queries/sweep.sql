-- What gave way at each point of a sweep, in how many of its runs, and at how many connections.
--
-- :sweep (the newest) the number of the sweep: 3 for s3
SELECT
  p.setting,
  coalesce(p.limit_id, p.outcome) AS gave_way,
  count(*) AS runs,
  min(coalesce(p.broke_held, p.held_peak)) AS held_least,
  max(coalesce(p.broke_held, p.held_peak)) AS held_most,
  group_concat(p.run_id, ' ') AS run_ids
FROM v_sweep_point AS p
WHERE p.sweep_id = coalesce(:sweep, (SELECT max(sweep_id) FROM v_sweep)) AND p.is_done
GROUP BY p.point, gave_way
ORDER BY p.point, runs DESC;
